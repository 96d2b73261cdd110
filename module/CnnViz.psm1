using namespace System.Management.Automation
using namespace System.Reflection

# The cmdlets and their packages live in a load context of their own (see src/CnnViz.Loader).
$loader = [IO.Path]::Combine($PSScriptRoot, 'bin', 'CnnViz.Loader.dll')
if (-not [IO.File]::Exists($loader)) {
    throw [IO.FileNotFoundException]::new(
        "CnnViz has not been built: '$loader' is missing. Run 'dotnet build' in the repository, or './build.ps1'.", $loader)
}

$context = [Assembly]::LoadFrom($loader).GetType('CnnViz.Loader.ModuleLoadContext')
Import-Module -Assembly $context::Engine
$module = Import-Module -Assembly $context::Cmdlets -PassThru

# A second import of an assembly takes a cached module and exports nothing: https://github.com/PowerShell/PowerShell/issues/20710
$export = [PSModuleInfo].GetMethod('AddExportedCmdlet', [BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $module.ExportedCmdlets.Values) {
    $null = $export.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}

# Nor does it become a nested module again, and it is the nested module in whose folder Get-Help looks for the help.
$self = $ExecutionContext.SessionState.Module
if ($self.NestedModules.Count -eq 0) {
    $nest = [PSModuleInfo].GetMethod('AddNestedModule', [BindingFlags]'Instance, NonPublic')
    $null = ${nest}?.Invoke($self, [object[]]@($module.PSObject.BaseObject))
}
