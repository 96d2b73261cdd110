BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1
    $photos = "$TestDrive/photos"
    $layer | Invoke-FilterMaximization 0, 2 -Recipe Classic -Steps 15 -Size 32 | Export-FilterImage $photos
    $few = @{ Columns = 2; TileSize = 16; Steps = 3 }
}

Describe 'Invoke-ActivationGrid' {
    It 'gives a picture for each photo and layer' {
        $grids = $model | Get-CnnLayer conv1, conv2 | Invoke-ActivationGrid $photos @few
        $grids | Should -BeOfType CnnViz.Ascent.FilterImage
        $grids.Objective | Should -Be 'activations(conv1, conv1_0000.png)', 'activations(conv2, conv1_0000.png)',
            'activations(conv1, conv1_0002.png)', 'activations(conv2, conv1_0002.png)'
        $grids[0].Size | Should -Be 32×32
        $grids[0].Grid.ToString() | Should -Be '2×2 tiles of 16×16'
        $grids[0].Filter | Should -BeNullOrEmpty
        $grids[0].Recipe.Steps | Should -Be 3
        ($grids[0] | Format-List | Out-String) | Should -Match 'Grid +: 2×2 tiles of 16×16'
    }

    It 'takes photos from the pipeline, and draws each as it comes' {
        $grids = Get-ChildItem $photos | Invoke-ActivationGrid -Layer $layer @few
        $grids.InitialImage | Split-Path -Leaf | Should -Be conv1_0000.png, conv1_0002.png
        Get-ChildItem $photos | Invoke-ActivationGrid -Layer $layer @few | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'is written, read, put on a sheet and shown like other pictures' {
        $grid = $layer | Invoke-ActivationGrid $photos/*0.png @few
        $file = $grid | Export-FilterImage $TestDrive/out -PassThru
        $file.Name | Should -Be conv1_0000_conv1_grid.png
        $read = Import-FilterImage $file
        $read.Grid | Should -Be $grid.Grid
        $read.Recipe | Should -Be $grid.Recipe
        ($read | Export-FilterSheet $TestDrive/sheet -PassThru).Name | Should -Be conv1.png
        $read | Show-FilterImage -Protocol Text -PassThru | Should -Be $read
    }

    It 'is made again by its recipe' {
        $grid = $layer | Invoke-ActivationGrid $photos/*0.png @few -Seed 3 -CosinePower 2
        $again = $layer | Invoke-ActivationGrid $photos/*0.png -Recipe $grid.Recipe -Seed $grid.Seed -Columns $grid.Grid.Columns -CosinePower $grid.Grid.CosinePower
        $again.Activation | Should -Be $grid.Activation
        $again.Recipe | Should -Be $grid.Recipe
        ($layer | Invoke-ActivationGrid $photos/*0.png @few -Seed 4).Activation | Should -Not -Be $grid.Activation
    }

    It 'takes the size of its tiles from the recipe, or says it itself' {
        ($layer | Invoke-ActivationGrid $photos/*0.png -Columns 1 -Recipe @{ From = 'Classic'; Steps = 1; Size = 24 }).Size | Should -Be 24×24
        ($layer | Invoke-ActivationGrid $photos/*0.png -Columns 1 -Recipe @{ From = 'Classic'; Steps = 1; Size = 24 } -TileSize 16).Size | Should -Be 16×16
        ($layer | Invoke-ActivationGrid $photos/*0.png -Columns 1 -Steps 1).Size | Should -Be 64×64
    }
}

Describe 'An error of Invoke-ActivationGrid' {
    It 'is <Id> for <What>' -ForEach @(
        @{ What = 'a dense layer'; Id = 'NoMap'; Call = { $model | Get-CnnLayer classifier | Invoke-ActivationGrid $photos/*0.png @few } }
        @{ What = 'a file that is no photo'; Id = 'PictureUnreadable'; Call = { $layer | Invoke-ActivationGrid $TestDrive/model.onnx @few } }
        @{ What = 'no layer'; Id = 'NoLayer'; Call = { Invoke-ActivationGrid $photos @few } }
        @{ What = 'a recipe for dreams'; Id = 'RecipeIsForDreams'; Call = { $layer | Invoke-ActivationGrid $photos -Recipe DeepDream } }
    ) {
        Get-FailureId $Call | Should -Be $Id
    }

    It 'is one for a layer without maps, and the others go on' {
        $found = $model | Get-CnnLayer pool, conv1 | Invoke-ActivationGrid $photos/*0.png @few -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Layer | Should -Be conv1
        $failures.FullyQualifiedErrorId | Should -BeLike 'NoMap,*'
    }
}

Describe 'While Invoke-ActivationGrid runs' {
    It 'progress counts steps, and is completed' {
        $run = Watch-Pipeline { $using:layer | Invoke-ActivationGrid $using:photos/conv1_0000.png -Columns 8 -TileSize 32 -Steps 60 }
        $records = @($run.Progress | Where-Object Activity -EQ 'Drawing what conv1 sees in conv1_0000.png')
        $records.Count | Should -BeGreaterThan 1
        $records[-1].RecordType | Should -Be Completed
    }

    It 'a stop is answered at once' {
        Measure-Stop { $using:layer | Invoke-ActivationGrid $using:photos -Columns 32 -Steps 1000 } | Should -BeLessThan 3
    }
}
