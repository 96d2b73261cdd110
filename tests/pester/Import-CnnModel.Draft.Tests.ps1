BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/TinyWeights.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyWeights -Path $TestDrive/own.safetensors -Tensor ([ordered]@{
        'conv1.weight' = 4, 1, 3, 3; 'conv1.bias' = 4
        'conv2.weight' = 8, 4, 3, 3; 'conv2.bias' = 8
        'fc1.weight' = 10, 392; 'fc1.bias' = 10
    })
}

Describe 'Import-CnnModel of weights that nobody else has' {
    It 'puts the layers one behind the other, and says what it guessed in one warning' {
        $model = Import-CnnModel $TestDrive/own.safetensors -Preprocessing Unit -WarningVariable warnings -WarningAction SilentlyContinue
        "$($model.InputShape)" | Should -Be '1×28×28'
        $model.Layers.Name | Should -Be conv1, conv1.relu, conv1.pool, conv2, conv2.relu, conv2.pool, fc1
        $warnings.Count | Should -Be 1
        "$warnings" | Should -Match 'stride 1 and paddings that keep the size; 2 times ReLU; max pooling at conv1.pool, conv2.pool'
        "$warnings" | Should -Match '-Draft net.txt'
    }

    It 'makes a picture of a filter' {
        $image = Import-CnnModel $TestDrive/own.safetensors -Preprocessing Unit -WarningAction SilentlyContinue |
            Get-CnnLayer conv2 | Invoke-FilterMaximization -Filter 0 -Steps 4
        $image.Activation | Should -BeGreaterThan 0
    }

    It 'writes a draft, and imports by it' {
        $model = Import-CnnModel $TestDrive/own.safetensors -Draft $TestDrive/net.txt -WarningVariable warnings -WarningAction SilentlyContinue
        $model.Architecture | Should -Be net.txt
        $warnings[0] | Should -Match 'describes .own.safetensors. with guesses'
        Get-Content $TestDrive/net.txt | Should -Contain 'conv1 conv padding=1                         # 4×1×3×3; guess: stride, padding'
        $again = Import-CnnModel $TestDrive/own.safetensors -Architecture $TestDrive/net.txt -WarningAction SilentlyContinue
        $again.Layers.Name | Should -Be $model.Layers.Name
    }

    It 'draws a draft for the size that is given' {
        $null = Import-CnnModel $TestDrive/own.safetensors -Draft $TestDrive/fourteen.txt -InputSize 14 -WarningAction SilentlyContinue
        $lines = Get-Content $TestDrive/fourteen.txt
        $lines -match '^input' | Should -BeLike 'input size=14 *'
        @($lines -match ' maxpool ').Count | Should -Be 1
    }

    It 'keeps a file that is there, unless -Force is given' {
        Set-Content $TestDrive/kept.txt mine
        $model = Import-CnnModel $TestDrive/own.safetensors -Draft $TestDrive/kept.txt -ErrorVariable failures -ErrorAction SilentlyContinue
        $model | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content $TestDrive/kept.txt | Should -Be mine
        $null = Import-CnnModel $TestDrive/own.safetensors -Draft $TestDrive/kept.txt -Force -WarningAction SilentlyContinue
        Get-Content $TestDrive/kept.txt | Should -Not -Be mine
    }

    It 'writes nothing with -WhatIf' {
        Import-CnnModel $TestDrive/own.safetensors -Draft $TestDrive/never.txt -WhatIf | Should -BeNullOrEmpty
        Test-Path $TestDrive/never.txt | Should -BeFalse
    }

    It 'says that <file> <why>' -ForEach @(
        @{ File = 'model.onnx'; Why = 'is no file of weights alone' }
        @{ File = 'known.safetensors'; Why = 'has the weights of' }
    ) {
        New-TinyModel -Path $TestDrive/model.onnx
        New-TinyWeights -Path $TestDrive/known.safetensors -Tensor ([ordered]@{
            'conv1.weight' = 6, 3, 5, 5; 'conv1.bias' = 6; 'conv2.weight' = 16, 6, 5, 5; 'conv2.bias' = 16
            'fc1.weight' = 120, 400; 'fc1.bias' = 120; 'fc2.weight' = 84, 120; 'fc2.bias' = 84; 'fc3.weight' = 10, 84; 'fc3.bias' = 10
        })
        Import-CnnModel $TestDrive/$File -Draft $TestDrive/none.txt -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'DraftNotNeeded,*'
        "$($failures[0])" | Should -Match $Why
        Test-Path $TestDrive/none.txt | Should -BeFalse
    }

    It 'lists keys and shapes where no layer takes an image' {
        New-TinyWeights -Path $TestDrive/heads.safetensors -Tensor ([ordered]@{ 'lin0.weight' = 1, 64, 1, 1; 'lin1.weight' = 1, 128, 1, 1 })
        Import-CnnModel $TestDrive/heads.safetensors -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ArchitectureNotFound,*'
        "$($failures[0])" | Should -Match '(?m)^  lin0  weight 1×64×1×1$'
    }

    It 'names what a file has that has no convolution' {
        New-TinyWeights -Path $TestDrive/dense.safetensors -Tensor ([ordered]@{ 'fc1.weight' = 20, 784; 'fc2.weight' = 10, 20 })
        Import-CnnModel $TestDrive/dense.safetensors -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'NoConvolution,*'
        "$($failures[0])" | Should -Match 'no 2-D convolution .* 2 dense layers'
    }

    It 'does not take -Draft and -Architecture together' {
        { Import-CnnModel $TestDrive/own.safetensors -Draft $TestDrive/a.txt -Architecture resnet18 } |
            Should -Throw -ErrorId 'DraftAndArchitecture,*'
    }
}
