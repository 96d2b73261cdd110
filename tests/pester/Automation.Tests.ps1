# What a script that nobody watches relies on.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $manifest = Resolve-Path $PSScriptRoot/../../CnnViz.psd1
}

Describe 'A script that nobody watches' -Skip:$IsWindows {
    BeforeAll {
        # Without an input: a question would be an error, and PowerShell itself cannot take the input away.
        function Invoke-Unattended([string]$Script) {
            $file = "$TestDrive/script.ps1"
            Set-Content $file "Set-Location '$TestDrive'; Import-Module '$manifest'; $Script"
            $output = bash -c "pwsh -NoProfile -NonInteractive -File '$file' 2>&1 </dev/null"
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = $output -join "`n" }
        }
    }

    It 'is asked nothing, from the model to the files' {
        $run = Invoke-Unattended @'
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'High'
$model = Import-CnnModel model.onnx
$layer = $model | Get-CnnLayer conv1
$images = $layer | Get-CnnFilter 0, 1 | Invoke-FilterMaximization -Steps 2 -Size 16
$images | Show-FilterImage -PassThru | Export-FilterImage out -Confirm:$false
$model | Invoke-ClassMaximization 3 -Steps 2 -Size 32 | Export-FilterImage out -Confirm:$false
$layer | New-CnnObjective -Filter 1 | Invoke-DeepDream out/conv1_0000.png -Steps 1 -Octaves 1 | Export-FilterImage out -Confirm:$false
$null = Measure-FilterImage out/conv1_000?.png -Model $model
$null = $layer | Measure-CnnActivation out/conv1_0000.png -Top 1
$model | Export-CnnModel again.onnx -Confirm:$false
$null = Find-CnnModel squeezenet1_1
Save-CnnModel squeezenet1_1 -Path . -WhatIf
(Get-ChildItem out).Count
exit 0
'@
        $run.Output | Should -Match '(?m)^4$'
        $run.Output | Should -Not -Match 'Exception|error'
        $run.ExitCode | Should -Be 0
        "$TestDrive/again.onnx" | Should -Exist
    }

    It 'ends with <Code> where <What>' -ForEach @(
        @{ What = 'an error is one that ends it'; Code = 1; Script = '$ErrorActionPreference = "Stop"; Import-CnnModel nowhere.onnx; exit 0' }
        @{ What = 'it throws'; Code = 1; Script = 'throw "no"' }
        @{ What = 'a mandatory parameter is missing, instead of a question'; Code = 1; Script = '$ErrorActionPreference = "Stop"; Save-CnnModel; exit 0' }
        @{ What = 'an error is reported and it goes on'; Code = 0; Script = 'Import-CnnModel nowhere.onnx; exit 0' }
        @{ What = 'it says so'; Code = 7; Script = 'exit 7' }
    ) {
        (Invoke-Unattended $Script).ExitCode | Should -Be $Code
    }
}

Describe '-Verbose' {
    BeforeAll {
        $model = Import-CnnModel $TestDrive/model.onnx
        $layer = $model | Get-CnnLayer conv1
        $images = $layer | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 16
        $images | Export-FilterImage $TestDrive
    }

    It '<Name> says what was done' -ForEach @(
        @{ Name = 'Import-CnnModel'; Log = '^Imported model .* \d+ layers, .* in [\d.,]+ s\.$'; Script = { Import-CnnModel $TestDrive/model.onnx -Verbose } }
        @{ Name = 'Export-CnnModel'; Log = "^Wrote '.*v\.onnx' \(.* bytes\): model.*, in [\d.,]+ s\.$"; Script = { $model | Export-CnnModel $TestDrive/v.onnx -Force -Verbose } }
        @{ Name = 'Invoke-FilterMaximization'; Log = '^Made 2 pictures of 1 layer in [\d.,]+ s\.$'; Script = { $layer | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 16 -Verbose } }
        @{ Name = 'Invoke-ClassMaximization'; Log = '^Made 1 picture of 1 model in [\d.,]+ s\.$'; Script = { $model | Invoke-ClassMaximization 3 -Steps 2 -Size 32 -Verbose } }
        @{ Name = 'Invoke-DeepDream'; Log = '^Made 1 picture of 1 photo in [\d.,]+ s\.$'; Script = { $layer | Invoke-DeepDream $TestDrive/conv1_0000.png -Steps 1 -Octaves 1 -Verbose } }
        @{ Name = 'Measure-FilterImage'; Log = '^Measured .* with conv1:0 of .* in [\d.,]+ s\.$'; Script = { $images[0] | Measure-FilterImage -Verbose } }
        @{ Name = 'Measure-CnnActivation'; Log = '^Measured 8 filters of .* on 1 images in [\d.,]+ s\.$'; Script = { $layer | Measure-CnnActivation $TestDrive/conv1_0000.png -Verbose } }
        @{ Name = 'Export-FilterImage'; Log = "^Wrote '.*conv1_0001.png' \(.* bytes\)\.$"; Script = { $images | Export-FilterImage $TestDrive -Force -Verbose } }
    ) {
        $lines = (& $Script 4>&1).Where{ $_ -is [Management.Automation.VerboseRecord] }.Message
        @($lines -match $Log).Count | Should -Be 1 -Because ($lines -join "`n")
    }
}
