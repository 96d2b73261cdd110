BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $layer = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1
    $images = $layer | Invoke-FilterMaximization 0, 1 -Steps 3 -Size 16 -SnapshotEvery 1
}

Describe 'Snapshots' {
    It 'are kept at the start, every so many steps, and at the end' {
        $images[0].Snapshots.Step | Should -Be 0, 1, 2, 3
        $images[0].Snapshots[-1].Activation | Should -Be $images[0].Activation
        $images[0].Snapshots[0].ToPng()[1..3] | Should -Be 0x50, 0x4E, 0x47
        ($layer | Invoke-FilterMaximization 0 -Steps 3).Snapshots | Should -BeNullOrEmpty
    }

    It 'are a table of step and activation' {
        $shown = $images[0].Snapshots | Out-String
        $shown | Should -Match 'Step +Activation'
        ($shown -split '\n').Count | Should -BeLessThan 12
    }
}

Describe 'Export-FilterAnimation' {
    It 'writes a GIF for each picture and gives it with -PassThru' {
        $files = $images | Export-FilterAnimation $TestDrive/out -PassThru
        $files.Name | Should -Be 'conv1_0000.gif', 'conv1_0001.gif'
        $files | Should -BeOfType IO.FileInfo
        $images | Export-FilterAnimation $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'takes a PSDrive, a template and WebP' {
        $images[1] | Export-FilterAnimation 'TestDrive:/t/[{Model}]-{Filter:000}.webp'
        Get-Item -LiteralPath "$TestDrive/t/[model]-001.webp" | Should -Not -BeNullOrEmpty
    }

    It 'shows pictures side by side with -Together' {
        $images | Export-FilterAnimation $TestDrive/together.gif -Together
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/together.gif")
        [BitConverter]::ToUInt16($bytes, 6) | Should -Be (2 * 16 + 3 * 4)
        [BitConverter]::ToUInt16($bytes, 8) | Should -Be (16 + 2 * 4)
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.gif mine
        { $images[0] | Export-FilterAnimation $TestDrive/kept.gif -ErrorAction Stop } | Should -Throw '*already there*'
        $images[0] | Export-FilterAnimation $TestDrive/kept.gif -Force
        (Get-Item $TestDrive/kept.gif).Length | Should -BeGreaterThan 100
    }

    It 'writes nothing with -WhatIf' {
        $images | Export-FilterAnimation $TestDrive/whatif -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'says what to do about a picture without snapshots' {
        $layer | Invoke-FilterMaximization 0 -Steps 1 |
            Export-FilterAnimation $TestDrive/none -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*-SnapshotEvery*'
    }
}
