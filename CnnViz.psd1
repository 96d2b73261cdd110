@{
    RootModule           = 'module/CnnViz.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6b8f6d0c-52f5-4c0b-9d0e-7a3c6c1f4e11'
    Author               = 'CnnViz contributors'
    CompanyName          = 'CnnViz'
    Copyright            = '(c) CnnViz contributors. MIT License.'
    Description          = 'Shows what the filters of a convolutional network look for: gradient ascent on the input image of a trained model.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('module/CnnViz.Format.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Export-CnnModel'
        'Export-FilterAnimation'
        'Export-FilterAtlas'
        'Export-FilterImage'
        'Export-FilterPlot'
        'Export-FilterSheet'
        'Find-CnnModel'
        'Get-CnnFilter'
        'Get-CnnLayer'
        'Get-FilterPlan'
        'Import-CnnModel'
        'Import-FilterImage'
        'Import-TorchSharp'
        'Install-CnnRuntime'
        'Invoke-ActivationGrid'
        'Invoke-ClassMaximization'
        'Invoke-DeepDream'
        'Invoke-FilterInterpolation'
        'Invoke-FilterMaximization'
        'Invoke-FilterPlan'
        'Measure-CnnActivation'
        'Measure-CnnAttribution'
        'Measure-CnnFilter'
        'Measure-CnnPreprocessing'
        'Measure-FilterImage'
        'New-CnnObjective'
        'New-CnnRecipe'
        'New-FilterPlan'
        'Save-CnnModel'
        'Show-FilterImage'
        'Uninstall-CnnRuntime'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @(
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS',
                'CNN', 'visualization', 'feature-visualization', 'interpretability', 'DeepDream', 'TorchSharp', 'ONNX', 'DeepLearning'
            )
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'The first version. CHANGELOG.md, beside the manifest, lists what it does.'
        }
    }
}
