BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $images = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1, conv2 |
        Invoke-FilterMaximization 0, 1, 2 -Steps 3
}

Describe 'Export-FilterSheet' {
    It 'writes a sheet of each layer and gives it with -PassThru' {
        $files = $images | Export-FilterSheet $TestDrive/out -PassThru
        $files.Name | Should -Be 'conv1.png', 'conv2.png'
        $files | Should -BeOfType IO.FileInfo
        $images | Export-FilterSheet $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'takes a PSDrive and a template' {
        $images | Export-FilterSheet 'TestDrive:/t/{Model}-{Layer}.jpg'
        "$TestDrive/t/model-conv2.jpg" | Should -Exist
    }

    It 'puts all on one sheet with -GroupBy None' {
        $files = $images | Export-FilterSheet $TestDrive/all.webp -GroupBy None -PassThru
        $files | Should -HaveCount 1
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.png mine
        { $images[0] | Export-FilterSheet $TestDrive/kept.png -ErrorAction Stop } | Should -Throw '*already there*'
        Get-Content $TestDrive/kept.png | Should -Be mine
        $images[0] | Export-FilterSheet $TestDrive/kept.png -Force
        (Get-Item $TestDrive/kept.png).Length | Should -BeGreaterThan 100
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterSheet $TestDrive/whatif -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }
}
