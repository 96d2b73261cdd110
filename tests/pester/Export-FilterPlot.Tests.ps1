BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $images = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 4
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

    It 'names the curves and the plot' {
        $images | Export-FilterPlot $TestDrive/named.svg -Title 'How it went'
        Get-Content $TestDrive/named.svg -Raw | Should -Match '(?s)How it went.*conv1:'
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.svg mine
        { $images | Export-FilterPlot $TestDrive/kept.svg } | Should -Throw '*already there*'
        Get-Content $TestDrive/kept.svg | Should -Be mine
        $images | Export-FilterPlot $TestDrive/kept.svg -Force
        Get-Content $TestDrive/kept.svg -Raw | Should -Match '<svg'
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterPlot $TestDrive/whatif.svg -WhatIf
        "$TestDrive/whatif.svg" | Should -Not -Exist
    }
}
