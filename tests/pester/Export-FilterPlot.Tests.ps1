BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $layer = Import-CnnModel $TestDrive/model.onnx | Get-CnnLayer conv1
    $images = $layer | Invoke-FilterMaximization 0, 1 -Steps 4 -Size 16
}

Describe 'Export-FilterPlot' {
    It 'writes SVG and PNG and gives the file with -PassThru' {
        $file = $images | Export-FilterPlot $TestDrive/plot.svg -PassThru
        $file | Should -BeOfType IO.FileInfo
        ([xml](Get-Content $file -Raw)).svg.width | Should -Be 800
        $images | Export-FilterPlot $TestDrive/plot.png | Should -BeNullOrEmpty
        [IO.File]::ReadAllBytes("$TestDrive/plot.png")[1..3] | Should -Be 80, 78, 71
    }

    It 'takes a PSDrive' {
        $images | Export-FilterPlot TestDrive:/t/plot.svg
        "$TestDrive/t/plot.svg" | Should -Exist
    }

    It 'takes brackets literally and adds the extension' {
        $file = $images | Export-FilterPlot "$TestDrive/[a]" -PassThru
        $file.FullName | Should -Be (Join-Path $TestDrive '[a].svg')
        ([xml](Get-Content -LiteralPath $file -Raw)).svg.width | Should -Be 800
    }

    It 'takes the size of a PNG' {
        $images | Export-FilterPlot $TestDrive/small.PNG -Width 300 -Height 200
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/small.PNG")
        $bytes[16..23] | Should -Be 0, 0, 1, 44, 0, 0, 0, 200
    }

    It 'names the curves and the plot' {
        $images | Export-FilterPlot $TestDrive/named.svg -Title 'How it went'
        Get-Content $TestDrive/named.svg -Raw | Should -Match '(?s)How it went.*conv1:'
    }

    It 'plots pictures that were disposed' {
        $gone = $layer | Invoke-FilterMaximization 3, 4 -Steps 2 -Size 16
        $gone.ForEach('Dispose')
        $gone | Export-FilterPlot $TestDrive/gone.svg
        $svg = Get-Content $TestDrive/gone.svg -Raw
        $svg | Should -Match 'conv1:3'
        $svg | Should -Match 'conv1:4'
    }

    It 'plots the way of measured pictures to their filter, and not with ascents' {
        $photos = Import-CnnModel $TestDrive/model.onnx | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1, 2, 3 -Steps 2 |
            Export-FilterImage $TestDrive/photos -PassThru
        $measured = Import-CnnModel $TestDrive/model.onnx | Get-CnnLayer conv2 | Invoke-FilterMaximization 0 -Steps 4 |
            Measure-FilterImage -NaturalImage $photos.FullName
        $measured.PathCurve.Layer | Should -Contain conv1
        $measured | Export-FilterPlot $TestDrive/way.svg
        $svg = Get-Content $TestDrive/way.svg -Raw
        'Layer on the way', 'conv2:0, Robust', 'conv2:0, photos that fire it', 'conv2:0, other photos' | ForEach-Object { $svg | Should -BeLike "*$_*" }
        Get-FailureId { @($images[0], $measured) | Export-FilterPlot $TestDrive/mixed.svg } | Should -Be PlotMixed
        Get-FailureId { Measure-FilterImage $photos[0].FullName | Export-FilterPlot $TestDrive/none.svg } | Should -Be NothingToPlot
        "$TestDrive/mixed.svg", "$TestDrive/none.svg" | Should -Not -Exist
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.svg mine
        Get-FailureId { $images | Export-FilterPlot $TestDrive/kept.svg } | Should -Be FileExists
        Get-Content $TestDrive/kept.svg | Should -Be mine
        $images | Export-FilterPlot $TestDrive/kept.svg -Force
        Get-Content $TestDrive/kept.svg -Raw | Should -Match '<svg'
    }

    It 'keeps with -SkipExisting what is the same, and no other' {
        $first = $images | Export-FilterPlot $TestDrive/same.svg -PassThru
        $first.ForEach{ $_.LastWriteTimeUtc = [datetime]'2020-01-01' }
        ($images | Export-FilterPlot $TestDrive/same.svg -SkipExisting -PassThru).FullName | Should -Be $first.FullName
        (Get-Item $first).LastWriteTimeUtc | Select-Object -Unique | Should -Be ([datetime]'2020-01-01')
        Get-FailureId { $images[0] | Export-FilterPlot $TestDrive/same.svg -SkipExisting } | Should -Be FileExists
        $images[0] | Export-FilterPlot $TestDrive/same.svg -SkipExisting -Force
        (Get-Item $first[0]).LastWriteTimeUtc | Should -BeGreaterThan ([datetime]'2020-01-01')
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterPlot $TestDrive/whatif.svg -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/whatif.svg" | Should -Not -Exist
    }

    It 'has a name in a folder' {
        ($images | Export-FilterPlot $TestDrive/plots/ -PassThru).FullName | Should -Be (Get-Item $TestDrive/plots/ascents.svg).FullName
    }

    It 'refuses <Path>' -ForEach @(
        @{ Path = 'plot.pdf'; Id = 'UnknownPlotFormat' }
        @{ Path = 'variable:PWD'; Id = 'NotFileSystem' }
    ) {
        Get-FailureId { $images | Export-FilterPlot $Path } | Should -Be $Id
    }
}
