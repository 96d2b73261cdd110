BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/PngText.ps1
    New-TinyModel -Path $TestDrive/model.onnx -Rectifier conv1/relu -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
    $images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1, 2 -Steps 3 -Size 16
}

Describe 'Export-FilterSheet' {
    It 'writes a sheet of each layer and gives it with -PassThru' {
        $files = $images | Export-FilterSheet $TestDrive/out -PassThru
        $files | Should -BeOfType IO.FileInfo
        $files.Name | Should -Be 'conv1.png', 'conv1-relu.png'
        $images | Export-FilterSheet $TestDrive/other | Should -BeNullOrEmpty
        Get-ChildItem $TestDrive -Recurse -Filter *.part | Should -BeNullOrEmpty
    }

    It 'takes a PSDrive and a template' {
        $images | Export-FilterSheet 'TestDrive:/t/{Model}-{Layer}.jpg'
        "$TestDrive/t/model-conv1-relu.jpg" | Should -Exist
    }

    It 'says in the file what is on it' {
        $images[0, 1] | Export-FilterSheet $TestDrive/facts.png
        $text = Get-PngText $TestDrive/facts.png
        $text.Title | Should -Be 'model conv1'
        ($text.CnnViz | ConvertFrom-Json).pictures.filter | Should -Be 0, 1
    }

    It 'puts pictures of a layer together that come at different times' {
        $images[0, 3, 1] | Export-FilterSheet $TestDrive/mixed
        (Get-PngText $TestDrive/mixed/conv1.png).CnnViz | Should -BeLike '*"count":2*'
    }

    It 'puts parts of images beside pictures' {
        $images[0] | Export-FilterImage $TestDrive/photo.png
        $patch = $layer | Measure-CnnActivation $TestDrive/photo.png -Filter 0 -Top 1
        $images[0], $patch | Export-FilterSheet $TestDrive/parts -PassThru | Should -HaveCount 1
        (Get-PngText $TestDrive/parts/conv1.png).CnnViz | Should -BeLike '*"rank":1*'
    }

    It 'writes <File> for <Path> <Options>' -ForEach @(
        @{ Path = '{Model}/{Layer}.jpg'; Options = @{}; File = 'model/conv1-relu.jpg' }
        @{ Path = ''; Options = @{ GroupBy = 'None'; Format = 'Tiff' }; File = 'model.tiff' }
        @{ Path = '[a].png'; Options = @{ GroupBy = 'None'; Columns = 1; TileSize = 40, 60; Margin = 0; Label = ''; Background = 'black' }; File = '[a].png' }
    ) {
        $images | Export-FilterSheet "$TestDrive/formats/$Path" @Options
        (Get-Item -LiteralPath $TestDrive/formats/$File).Length | Should -BeGreaterThan 100
    }

    It 'puts all on one sheet with -GroupBy None' {
        $images | Export-FilterSheet $TestDrive/all.webp -GroupBy None -PassThru | Should -HaveCount 1
    }

    It 'keeps a file that is there unless it is forced, and writes the other sheets' {
        $null = New-Item -ItemType Directory $TestDrive/kept
        Set-Content $TestDrive/kept/conv1.png mine
        Get-FailureId { $images | Export-FilterSheet $TestDrive/kept } | Should -Be FileExists
        Get-Content $TestDrive/kept/conv1.png | Should -Be mine
        "$TestDrive/kept/conv1-relu.png" | Should -Exist
        $images | Export-FilterSheet $TestDrive/kept -Force
        (Get-Item $TestDrive/kept/conv1.png).Length | Should -BeGreaterThan 100
    }

    It 'keeps with -SkipExisting what is the same, and no other' {
        $first = $images | Export-FilterSheet $TestDrive/same -PassThru
        $first.ForEach{ $_.LastWriteTimeUtc = [datetime]'2020-01-01' }
        ($images | Export-FilterSheet $TestDrive/same -SkipExisting -PassThru).FullName | Should -Be $first.FullName
        (Get-Item $first).LastWriteTimeUtc | Select-Object -Unique | Should -Be ([datetime]'2020-01-01')
        Get-FailureId { $images[0] | Export-FilterSheet $TestDrive/same -SkipExisting } | Should -Be FileExists
        $images[0] | Export-FilterSheet $TestDrive/same -SkipExisting -Force
        (Get-Item $first[0]).LastWriteTimeUtc | Should -BeGreaterThan ([datetime]'2020-01-01')
    }

    It 'gives a second sheet of the same name another one' {
        $files = $images | Export-FilterSheet $TestDrive/taken.png -Force -PassThru
        $files.Name | Should -Be taken.png, taken_conv1-relu.png
        $files.ForEach{ (Get-PngText $_).Title } | Should -Be 'model conv1', 'model conv1/relu'
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterSheet $TestDrive/whatif -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'goes on after a picture that was disposed, and has a place for one without a signal' {
        $gone = $layer | Invoke-FilterMaximization 3 -Steps 1 -Size 16
        $gone.Dispose()
        $dead = $model | Get-CnnLayer dead | Invoke-FilterMaximization -WarningAction Ignore
        Get-Failure { $gone, $images[1], $dead | Export-FilterSheet $TestDrive/some.png -GroupBy None } | Should -BeLike '*disposed*'
        $facts = (Get-PngText $TestDrive/some.png).CnnViz
        $facts | Should -BeLike '*"count":2*'
        $facts | Should -BeLike '*"status":"Dead"*'
    }

    It 'refuses <Path> <Options> and writes nothing' -ForEach @(
        @{ Path = 'one.png'; Options = @{ Format = 'Jpeg' }; Id = 'FormatMismatch' }
        @{ Path = 'one.bmp'; Options = @{}; Id = 'UnknownFormat' }
        @{ Path = '{Filter}.png'; Options = @{}; Id = 'UnknownPlaceholder' }
        @{ Path = ''; Options = @{ Label = '{Nothing}' }; Id = 'UnknownPlaceholder' }
        @{ Path = ''; Options = @{ Background = 'nocolour' }; Id = 'UnknownColour' }
        @{ Path = ''; Options = @{ Columns = 1000; TileSize = 1000 }; Id = 'SheetTooLarge' }
    ) {
        Get-FailureId { $images[0] | Export-FilterSheet "$TestDrive/refused/$Path" @Options } | Should -Be $Id
        "$TestDrive/refused" | Should -Not -Exist
    }

    It 'refuses a path outside of the file system' {
        Get-FailureId { $images[0] | Export-FilterSheet variable:PWD } | Should -Be NotFileSystem
    }
}

Describe 'Export-FilterSheet -Compare' {
    BeforeAll {
        $other = $model | Export-CnnModel $TestDrive/other.onnx -PassThru | Import-CnnModel
        $pair = $model, $other | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 2 -Size 16
    }

    It 'puts the pictures of several models on one sheet, in a column each' {
        $pair | Export-FilterSheet $TestDrive/compared -Compare Model -PassThru | ForEach-Object Name | Should -Be conv1.png
        $facts = (Get-PngText $TestDrive/compared/conv1.png).CnnViz | ConvertFrom-Json
        $facts.columns, $facts.count, $facts.compared | Should -Be 2, 4, Model
        $facts.pictures.model | Should -Be model, other, model, other
        $facts.pictures.filter | Should -Be 0, 0, 1, 1
    }

    It 'compares recipes' {
        'Robust', 'Classic' | ForEach-Object { $layer | Invoke-FilterMaximization 0 -Recipe $_ -Steps 2 -Size 16 } |
            Export-FilterSheet $TestDrive/recipes.png -Compare Recipe
        ((Get-PngText $TestDrive/recipes.png).CnnViz | ConvertFrom-Json).pictures.recipe | Should -Be Robust, Classic
    }

    It 'has as many columns as there are' {
        { $pair | Export-FilterSheet $TestDrive/no.png -Compare Model -Columns 3 } | Should -Throw -ErrorId 'ColumnsUnsuitable,*'
    }
}
