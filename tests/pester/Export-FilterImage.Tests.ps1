BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $images = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 3
}

Describe 'Export-FilterImage' {
    It 'writes a file for each picture and gives it with -PassThru' {
        $files = $images | Export-FilterImage $TestDrive/out -PassThru
        $files.Name | Should -Be 'conv1_0000.png', 'conv1_0001.png'
        $files | Should -BeOfType IO.FileInfo
        $images | Export-FilterImage $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'takes a PSDrive and a template' {
        $images[1] | Export-FilterImage 'TestDrive:/t/{Model}-{Filter:000}.jpg'
        "$TestDrive/t/model-001.jpg" | Should -Exist
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.png mine
        { $images[0] | Export-FilterImage $TestDrive/kept.png -ErrorAction Stop } | Should -Throw '*already there*'
        Get-Content $TestDrive/kept.png | Should -Be mine
        $images[0] | Export-FilterImage $TestDrive/kept.png -Force
        (Get-Item $TestDrive/kept.png).Length | Should -BeGreaterThan 100
    }

    It 'writes transparent pictures, but not as JPEG' {
        $images[0] | Export-FilterImage $TestDrive/clear.png -Transparency
        [IO.File]::ReadAllBytes("$TestDrive/clear.png")[25] | Should -Be 6
        { $images[0] | Export-FilterImage $TestDrive/clear.jpg -Transparency } | Should -Throw '*cannot be transparent*'
        "$TestDrive/clear.jpg" | Should -Not -Exist
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterImage $TestDrive/whatif -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'asks nothing with -Confirm:$false' {
        $images | Export-FilterImage $TestDrive/confirmed -Confirm:$false
        Get-ChildItem $TestDrive/confirmed | Should -HaveCount 2
    }
}
