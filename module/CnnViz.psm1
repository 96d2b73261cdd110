using namespace System.Management.Automation
using namespace System.Reflection

# The cmdlets and their packages live in a load context of their own (see src/CnnViz.Loader).
$loader = [IO.Path]::Combine($PSScriptRoot, 'bin', 'CnnViz.Loader.dll')
if (-not [IO.File]::Exists($loader)) {
    throw [IO.FileNotFoundException]::new(
        "CnnViz has not been built: '$loader' is missing. Run 'dotnet build' in the repository, or './build.ps1'.", $loader)
}

# A process can load CnnViz only once, whoever imports it; another copy would run the first one's code.
$first = 'CnnViz.Loader.ModuleLoadContext' -as [type]
if ($first -and $first.Assembly.Location -ne $loader) {
    $folder = [IO.Path]::GetFullPath([IO.Path]::Combine($first.Assembly.Location, '..', '..', '..'))
    $reason = "CnnViz is already loaded from '$folder'; start a new session to use the copy in '$([IO.Path]::GetDirectoryName($PSScriptRoot))'."
    throw [ErrorRecord]::new([InvalidOperationException]::new($reason), 'AlreadyLoaded', 'InvalidOperation', $folder)
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

Import-Module ([IO.Path]::Combine($PSScriptRoot, 'CnnViz.Types.psd1'))

# Pictures of other processes become pictures again, out of their files. Types are given, not named: names in type files are looked up on any
# thread, and one without a session does not see a load context of ours.
$image = $context::Engine.GetType('CnnViz.Ascent.FilterImage')
Update-TypeData -TypeName $image.FullName -TypeConverter $context::Cmdlets.GetType('CnnViz.FilterImageConverter') -Force
Update-TypeData -TypeName "Deserialized.$($image.FullName)" -TargetTypeForDeserialization $image -Force
