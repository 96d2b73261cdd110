BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx -Rectifier conv1/relu -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
    $images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3 -Size 16 -SnapshotEvery 1
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
    It 'writes a GIF with a safe name for each picture and gives it with -PassThru' {
        $files = $images | Export-FilterAnimation $TestDrive/out -PassThru
        $files | Should -BeOfType IO.FileInfo
        $files.Name | Should -Be 'conv1_0000.gif', 'conv1_0001.gif', 'conv1-relu_0000.gif', 'conv1-relu_0001.gif'
        $images | Export-FilterAnimation $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'takes a PSDrive, a template and WebP' {
        $images[1] | Export-FilterAnimation 'TestDrive:/t/[{Model}]-{Filter:000}.webp'
        Get-Item -LiteralPath "$TestDrive/t/[model]-001.webp" | Should -Not -BeNullOrEmpty
    }

    It 'writes <Magic> to <File> for <Path> <Options>' -ForEach @(
        @{ Path = '{Model}/[{Layer}]-{Filter:00}.webp'; Options = @{}; File = 'model/[conv1-relu]-01.webp'; Magic = 'RIFF' }
        @{ Path = '{Filter}'; Options = @{ Format = 'Webp' }; File = '1.webp'; Magic = 'RIFF' }
        @{ Path = '{Filter}'; Options = @{}; File = '1.gif'; Magic = 'GIF89a' }
        @{ Path = 'all.gif'; Options = @{ Together = $true }; File = 'all.gif'; Magic = 'GIF89a' }
        @{ Path = ''; Options = @{ Together = $true; Format = 'Webp' }; File = 'model_conv1.webp'; Magic = 'RIFF' }
    ) {
        $images | Export-FilterAnimation "$TestDrive/formats/$Path" @Options -Force
        $start = [IO.File]::ReadAllBytes("$TestDrive/formats/$File")[0..($Magic.Length - 1)]
        [Text.Encoding]::Latin1.GetString($start) | Should -Be $Magic
    }

    It 'shows pictures side by side with -Together' {
        $images[0, 1] | Export-FilterAnimation $TestDrive/together.gif -Together
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/together.gif")
        [BitConverter]::ToUInt16($bytes, 6) | Should -Be (2 * 16 + 3 * 4)
        [BitConverter]::ToUInt16($bytes, 8) | Should -Be (16 + 2 * 4)
    }

    It 'makes frames of pictures one after the other with -Sequence' {
        $row = $layer | Invoke-FilterMaximization 0, 1, 2 -Steps 2 -Size 16
        $row | Export-FilterImage $TestDrive/frames
        Import-FilterImage $TestDrive/frames | Export-FilterAnimation $TestDrive/sequence.webp -Sequence
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$TestDrive/sequence.webp"))
        [regex]::Matches($text, '"frames":3').Count | Should -Be 3
        [regex]::Matches($text, 'ANMF').Count | Should -Be 3
        { $row | Export-FilterAnimation $TestDrive/both.gif -Sequence -Together } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'says that frames must have one size, and keeps the others' {
        $small = $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 12
        $images[0], $small, $images[1] | Export-FilterAnimation $TestDrive/sizes.webp -Sequence -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be 'FrameSizeMismatch,CnnViz.Commands.ExportFilterAnimationCommand'
        [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$TestDrive/sizes.webp")) | Should -Match '"frames":2'
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.gif mine
        Get-FailureId { $images[0] | Export-FilterAnimation $TestDrive/kept.gif } | Should -Be FileExists
        Get-Content $TestDrive/kept.gif | Should -Be mine
        $images[0] | Export-FilterAnimation $TestDrive/kept.gif -Force
        (Get-Item $TestDrive/kept.gif).Length | Should -BeGreaterThan 100
    }

    It 'keeps with -SkipExisting what is the same, and no other' {
        $first = $images | Export-FilterAnimation $TestDrive/same -PassThru
        $first.ForEach{ $_.LastWriteTimeUtc = [datetime]'2020-01-01' }
        ($images | Export-FilterAnimation $TestDrive/same -SkipExisting -PassThru).FullName | Should -Be $first.FullName
        (Get-Item $first).LastWriteTimeUtc | Select-Object -Unique | Should -Be ([datetime]'2020-01-01')
        Get-FailureId { $images[0] | Export-FilterAnimation $TestDrive/same -SkipExisting -Delay 200 } | Should -Be FileExists
        $images[0] | Export-FilterAnimation $TestDrive/same -SkipExisting -Delay 200 -Force
        (Get-Item $first[0]).LastWriteTimeUtc | Should -BeGreaterThan ([datetime]'2020-01-01')
    }

    It 'writes nothing with -WhatIf, -Together:<_>' -ForEach $false, $true {
        $images | Export-FilterAnimation $TestDrive/whatif -WhatIf -Together:$_
        "$TestDrive/whatif" | Should -Not -Exist
    }

    It 'writes an error for a bad picture and goes on, -Together:<_>' -ForEach $false, $true {
        $none, $gone = $layer | Invoke-FilterMaximization 1, 2 -Steps 1 -Size 16
        $gone.Dispose()
        $files = $none, $gone, $images[0] |
            Export-FilterAnimation $TestDrive/bad -PassThru -Force -Together:$_ -ErrorVariable failures -ErrorAction SilentlyContinue
        $files | Should -HaveCount 1
        $failures | Should -HaveCount 2
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'NoSnapshots,*'
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*-SnapshotEvery*'
        $failures[1] | Should -BeLike '*disposed*'
    }

    It 'does not write a picture without a signal, and says so' {
        $model | Get-CnnLayer dead | Invoke-FilterMaximization -SnapshotEvery 5 -WarningAction Ignore |
            Export-FilterAnimation $TestDrive/dead -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*not exported*'
        "$TestDrive/dead" | Should -Not -Exist
    }

    It 'gives animations of one name several' {
        $both = $layer | Invoke-FilterMaximization 0 -Count 2 -Steps 2 -Size 16 -SnapshotEvery 1
        ($both | Export-FilterAnimation $TestDrive/seeds -PassThru).Name | Should -Be conv1_0000.gif, conv1_0000_seed1.gif
    }

    It 'stops at once, shows progress, and leaves no part' {
        $long = $layer | Invoke-FilterMaximization 0, 1, 2, 3 -Steps 150 -Size 128 -SnapshotEvery 1 -Recipe Classic
        $first = $long[0]
        $run = Watch-Pipeline { $using:first | Export-FilterAnimation $using:TestDrive/watched.gif }
        $run.Progress.PercentComplete | Should -BeLessOrEqual 100
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
        Measure-Stop { $using:long | Export-FilterAnimation $using:TestDrive/stopped -Together -Format Webp -Quality 100 } | Should -BeLessThan 1
        Get-ChildItem $TestDrive/stopped -Force -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'refuses <Path> <Options>' -ForEach @(
        @{ Path = 'one.gif'; Options = @{ Format = 'Webp' }; Id = 'FormatMismatch' }
        @{ Path = 'one.png'; Options = @{}; Id = 'FormatMismatch' }
        @{ Path = 'one.bmp'; Options = @{}; Id = 'UnknownFormat' }
        @{ Path = '{Nothing}.gif'; Options = @{}; Id = 'UnknownPlaceholder' }
        @{ Path = 'variable:PWD'; Options = @{}; Id = 'NotFileSystem' }
    ) {
        Get-FailureId { $images | Export-FilterAnimation $Path @Options } | Should -Be $Id
    }
}
