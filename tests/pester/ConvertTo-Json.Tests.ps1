BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1
    $image = $layer | Invoke-FilterMaximization 0 -Steps 3 -Size 16 -SnapshotEvery 1
    $image | Export-FilterImage $TestDrive/photo.png

    function ConvertTo-Plain($InputObject, [int]$Depth) {
        $warnings = $null
        $json = $InputObject | ConvertTo-Json -Depth $Depth -Compress -WarningVariable warnings -WarningAction SilentlyContinue
        $json.Length | Should -BeLessThan 20000
        $json | ConvertFrom-Json
    }
}

Describe 'ConvertTo-Json -Depth 3' {
    It 'leaves nothing out of several <What>' -ForEach @(
        @{ What = 'pictures'; Make = { $image } }
        @{ What = 'models'; Make = { $model } }
        @{ What = 'layers'; Make = { $layer } }
        @{ What = 'filters'; Make = { $layer | Get-CnnFilter 0 } }
        @{ What = 'recipes'; Make = { $image.Recipe } }
        @{ What = 'activations'; Make = { $layer | Measure-CnnActivation $TestDrive/photo.png -Filter 0 } }
        @{ What = 'maps'; Make = { $layer | Measure-CnnActivation $TestDrive/photo.png -Filter 0 -Map } }
        @{ What = 'grids'; Make = { $layer | Invoke-ActivationGrid $TestDrive/photo.png -Columns 1 -TileSize 16 -Steps 1 } }
        @{ What = 'preprocessings'; Make = { $model | Measure-CnnPreprocessing $TestDrive/photo.png -WarningAction Ignore } }
        @{ What = 'published models'; Make = { Find-CnnModel squeezenet1_1 } }
    ) {
        $objects = @(& $Make; & $Make)
        $json = $objects | ConvertTo-Json -Depth 3 -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
        ($json | ConvertFrom-Json).Count | Should -Be $objects.Count
    }
}

Describe 'ConvertTo-Json, depth <_>' -ForEach 2, 5, 100 {
    It 'gives the facts of a picture' {
        $plain = ConvertTo-Plain $image $_
        $plain.Layer | Should -Be conv1
        $plain.Filter | Should -Be 0
        $plain.Activations | Should -HaveCount 3
        $plain.Recipe.Name | Should -Be Robust
        $plain.Recipe.Views.Jitter | Should -Be 0.06
        $plain.Snapshots[0].PSObject.Properties.Name | Should -Be Step, Activation
        $plain.PSObject.Properties.Name | Should -Not -Contain Tensor
        $plain.PSObject.Properties.Name | Should -Not -Contain Transparency
    }

    It 'names what is one of several, <_>' {
        $plain = ConvertTo-Plain $image $_
        $plain.Status | Should -Be StepLimit
        $plain.Recipe.Image.Parameter | Should -Be Fourier
        $plain.Recipe.Update.Rule | Should -Be NAdam
    }

    It 'gives the facts of a picture that was disposed' {
        $gone = $layer | Invoke-FilterMaximization 1 -Steps 1 -Size 16
        $gone.Dispose()
        (ConvertTo-Plain $gone $_).Filter | Should -Be 1
    }

    It 'does not go from layers to models and back' {
        $plain = ConvertTo-Plain $layer $_
        $plain.Name | Should -Be conv1
        $plain.OutputShape.Channels | Should -Be $layer.Filters
        $plain.PSObject.Properties.Name | Should -Not -Contain Model
        (ConvertTo-Plain ($layer | Get-CnnFilter 1) $_).Layer.Name | Should -Be conv1
        (ConvertTo-Plain $model $_).Sha256 | Should -Be $model.Sha256
    }

    It 'gives the text of an objective' {
        (ConvertTo-Plain ($layer | New-CnnObjective -Filter 1) $_).Text | Should -Be 'conv1:1'
    }

    It 'gives where a part of an image is from, not its pixels' {
        $patch = $layer | Measure-CnnActivation $TestDrive/photo.png -Filter 0 -Top 1
        $plain = ConvertTo-Plain $patch $_
        $plain.Rank | Should -Be 1
        $plain.PSObject.Properties.Name | Should -Not -Contain Pixels
    }
}

Describe 'Hidden members' {
    It 'are there when they are asked for' {
        $image.Tensor.shape | Should -Be 3, 16, 16
        $image.Transparency.shape | Should -Be 16, 16
        $layer.Model | Should -Be $model
        ($layer | Get-CnnFilter 1).Model | Should -Be $model
        ($layer | New-CnnObjective -Filter 1).Model | Should -Be $model
    }

    It 'stay out of lists' {
        $image | Format-List * | Out-String | Should -Not -Match '(?m)^Tensor'
    }
}
