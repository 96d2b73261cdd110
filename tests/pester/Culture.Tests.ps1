# Names are the same in every culture. In Turkish, the small letter of I is not i, which whoever compares by the session's culture finds out.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $culture = [cultureinfo]::CurrentCulture
    [cultureinfo]::CurrentCulture = 'tr-TR'
    $model = Import-CnnModel $TestDrive/model.onnx
    $image = $model | Get-CnnLayer CONV1 | Invoke-FilterMaximization 1 -Steps 2 -Size 32
}

AfterAll {
    [cultureinfo]::CurrentCulture = $culture
}

Describe 'In Turkish' {
    It 'is <Text> found as <Found>' -ForEach @(
        @{ Text = 'a layer'; Found = 'classifier'; Script = { ($model | Get-CnnLayer CLASSIFIER).Name } }
        @{ Text = 'a layer by a wildcard'; Found = 'classifier'; Script = { ($model | Get-CnnLayer CLASSIF*).Name } }
        @{ Text = 'a kind'; Found = 'classifier'; Script = { ($model | Get-CnnLayer -Kind LINEAR).Name } }
        @{ Text = 'a family'; Found = 8; Script = { @(Find-CnnModel -Family INCEPTION).Count } }
        @{ Text = 'a published model'; Found = 'mnist-8'; Script = { (Find-CnnModel MNIST-8).Name } }
        @{ Text = 'a published model by a wildcard'; Found = 'mnist-12', 'mnist-7', 'mnist-8'; Script = { (Find-CnnModel MNIST*).Name } }
        @{ Text = 'a class'; Found = 'zigzag'; Script = { (Import-CnnModel PATTERNS | Invoke-ClassMaximization ZIGZAG -Steps 1 -Size 32).ClassName } }
        @{ Text = 'a class by a wildcard'; Found = 'zigzag'; Script = { (Import-CnnModel patterns | Invoke-ClassMaximization ZIG* -Steps 1 -Size 32).ClassName } }
        @{ Text = 'a recipe'; Found = 'Classic'; Script = { ($model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 1 -Size 16 -Recipe CLASSIC).Recipe.Name } }
        @{ Text = 'a setting'; Found = 'Pixels'; Script = { "$((New-CnnRecipe @{ IMAGEPARAMETER = 'PIXELS' }).Image.Parameter)" } }
        @{ Text = 'a preprocessing'; Found = 'Unit (RGB, 0…1)'; Script = { "$((Import-CnnModel $TestDrive/model.onnx -Preprocessing UNIT).Preprocessing)" } }
        @{ Text = 'a placeholder and an extension'; Found = '1.TIFF'; Script = { ($image | Export-FilterImage "$TestDrive/{FILTER}.TIFF" -PassThru).Name } }
        @{ Text = 'a colour'; Found = 'conv1.png'; Script = { ($image | Export-FilterSheet $TestDrive/sheets -Background IVORY -PassThru).Name } }
        @{ Text = 'the model of a row'; Found = 'conv1:2'; Script = { ([pscustomobject]@{ LAYER = 'CONV1'; FILTER = '2'; MODEL = 'MODEL' } | New-CnnObjective -Model $model).ToString() } }
    ) {
        & $Script | Should -Be $Found
    }

    It 'pass the suites of what finds names' {
        $pester = Join-Path (Get-Module Pester).ModuleBase Pester.psd1
        $suites = 'Get-CnnLayer', 'Get-CnnFilter', 'Find-CnnModel', 'Completion', 'New-CnnRecipe' | ForEach-Object { "'$PSScriptRoot/$_.Tests.ps1'" }
        $script = "[cultureinfo]::CurrentCulture = [cultureinfo]::DefaultThreadCurrentCulture = 'tr-TR'; Import-Module '$pester'; " +
            "`$run = Invoke-Pester -Path $($suites -join ', ') -PassThru -Output None; `$run.Failed.ExpandedPath; `"`$(`$run.PassedCount -gt 0) `$(`$run.FailedCount)`""
        $output = & pwsh -NoProfile -NonInteractive -Command $script
        $output[-1] | Should -Be 'True 0' -Because ($output -join "`n")
    }
}
