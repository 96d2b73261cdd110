# What Tab offers.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx

    # Models complete as long as they live; those of other suites are out of the way in a runspace of its own.
    $session = [powershell]::Create()
    $null = $session.AddScript({
        param($manifest, $model)
        Import-Module $manifest
        $model = Import-CnnModel $model
        $layer = $model | Get-CnnLayer conv1
    }).AddArgument((Resolve-Path $PSScriptRoot/../../CnnViz.psd1)).AddArgument("$TestDrive/model.onnx").Invoke()

    function Invoke-InSession([scriptblock]$Script) {
        $session.Commands.Clear()
        $session.AddScript($Script).Invoke()
    }

    function Get-Completion([string]$Line) {
        [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null, $session).CompletionMatches
    }
}

AfterAll {
    $session.Dispose()
}

Describe 'Tab' {
    It 'offers <Expected> after <Line>' -ForEach @(
        @{ Line = '$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter '; Expected = 0..7 }
        @{ Line = '$model | Get-CnnLayer -Name conv1 | Invoke-FilterMaximization '; Expected = 0..7 }
        @{ Line = '$model | Get-CnnLayer conv1 | Get-CnnFilter 3,'; Expected = 0..7 }
        @{ Line = '$model | Get-CnnLayer conv1 | Measure-CnnActivation x.png -Filter 7'; Expected = '7' }
        @{ Line = 'Get-CnnLayer conv1 | New-CnnObjective -Filter 3'; Expected = '3' }
        @{ Line = '$layer | Invoke-FilterMaximization -Filter 3'; Expected = '3' }
        @{ Line = 'Measure-FilterImage x.png -Layer $layer -Filter 3'; Expected = '3' }
        @{ Line = 'Import-CnnModel x -Device c'; Expected = 'cpu', 'cuda', "'cuda:0'" }
        @{ Line = '$images | Export-FilterImage ''out/{Cl'; Expected = "'out/{Class}'", "'out/{ClassName}'" }
        @{ Line = '$images | Export-FilterImage ''{Layer}-{Se'; Expected = "'{Layer}-{Seed}'" }
        @{ Line = '$model | Get-CnnLayer conv'; Expected = 'conv1', 'conv2' }
        @{ Line = 'Get-CnnLayer -Model $model -Name ''cla'; Expected = 'classifier' }
        @{ Line = 'Get-CnnLayer elu'; Expected = 'relu1' }
        @{ Line = 'Get-CnnLayer -Kind Glo'; Expected = 'GlobalAvgPool2d' }
        @{ Line = 'Import-CnnModel x -Preprocessing Sy'; Expected = 'Symmetric' }
        @{ Line = 'Import-CnnModel pat'; Expected = 'patterns' }
        @{ Line = 'Find-CnnModel squeezenet1_'; Expected = 'squeezenet1_0', 'squeezenet1_1' }
        @{ Line = 'Save-CnnModel squeezenet1_'; Expected = 'squeezenet1_0', 'squeezenet1_1' }
        @{ Line = 'Import-CnnModel squeezenet1_'; Expected = 'squeezenet1_0', 'squeezenet1_1' }
        @{ Line = 'Find-CnnModel -Family Mo'; Expected = 'MobileNet' }
        @{ Line = 'Import-CnnModel weights.pth -Architecture resnet18'; Expected = 'resnet18' }
    ) {
        (Get-Completion $Line).CompletionText | Should -Be $Expected
    }

    It 'says of the number of a filter how large its weights are' {
        $norm = (Invoke-InSession { ($layer | Get-CnnFilter 5).WeightNorm })[0]
        (Get-Completion '$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 5').ToolTip |
            Should -Be "conv1:5, weight norm $($norm.ToString('G4', [cultureinfo]::InvariantCulture))"
    }

    It 'says of a number that several layers share which they are' {
        (Get-Completion '$model | Get-CnnLayer conv* | Invoke-FilterMaximization -Filter 5').ToolTip | Should -Match 'conv1:5.*conv2:5'
    }
}

Describe 'Placeholders' {
    It 'are all known to Export-FilterImage' {
        $layer = Import-CnnModel $TestDrive/model.onnx | Get-CnnLayer conv1
        $image = $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16
        $image | Export-FilterImage $TestDrive/one.png
        $patch = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0 -Top 1

        $offered = (Get-Completion '$images | Export-FilterImage ''{').ListItemText
        $offered | Should -HaveCount 16
        $map = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0 -Map
        $offered | Where-Object {
            $path = "a$_.png"
            -not ($image, $patch, $map).Where{ $picture = $_; -not (Get-Failure { $picture | Export-FilterImage $path -WhatIf }) }
        } | Should -BeNullOrEmpty
    }
}

Describe 'A class' {
    It 'is found by its name, and told by it' {
        $null = Invoke-InSession { $patterns = Import-CnnModel patterns }
        $match = Get-Completion '$patterns | Get-CnnLayer classifier | Invoke-FilterMaximization -Filter zig'
        $match.CompletionText | Should -Be 15
        $match.ListItemText | Should -Be '15 zigzag'
        $match.ToolTip | Should -Match zigzag
    }
}

Describe 'A model that is gone' {
    BeforeAll {
        $null = Invoke-InSession { $model.Dispose(); $patterns.Dispose(); $Error.Clear() }
    }

    It 'offers nothing and throws nothing after <_>' -ForEach @(
        '$model | Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter '
        '$model | Get-CnnLayer '
        '$model | Get-CnnLayer -Kind '
        '$model | Invoke-ClassMaximization '
        '$nothing | Get-CnnLayer ($x = 3) | Get-CnnFilter '
        '$layer | Get-CnnFilter '''
    ) {
        (Get-Completion $_).CompletionText | Should -Not -Match '^conv|^0$'
        Invoke-InSession { $Error } | Should -BeNullOrEmpty
    }
}
