BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/PngText.ps1
    New-TinyModel -Path $TestDrive/model.onnx -Rectifier conv1/relu -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
    $images = $model | Get-CnnLayer conv1, conv1/relu | Invoke-FilterMaximization 0, 1 -Steps 3
}

Describe 'Export-FilterImage' {
    It 'writes a file with a safe name for each picture and gives it with -PassThru' {
        $files = $images | Export-FilterImage $TestDrive/out -PassThru
        $files | Should -BeOfType IO.FileInfo
        $files.Name | Should -Be 'conv1_0000.png', 'conv1_0001.png', 'conv1-relu_0000.png', 'conv1-relu_0001.png'
        (Get-ChildItem $TestDrive/out).Name | Sort-Object | Should -Be ($files.Name | Sort-Object)
        $images | Export-FilterImage $TestDrive/other | Should -BeNullOrEmpty
    }

    It 'keeps a file that is the same with -SkipExisting, and no other' {
        $image = $images[0]
        $first = $image | Export-FilterImage $TestDrive/kept -PassThru
        $first.LastWriteTimeUtc = [datetime]'2020-01-01'
        ($image | Export-FilterImage $TestDrive/kept -SkipExisting -PassThru).FullName | Should -Be $first.FullName
        (Get-Item $first).LastWriteTimeUtc | Should -Be ([datetime]'2020-01-01')
        [IO.File]::WriteAllText($first.FullName, 'another')
        Get-FailureId { $image | Export-FilterImage $TestDrive/kept -SkipExisting } | Should -Be FileExists
    }

    It 'takes a PSDrive and a template' {
        $images[1] | Export-FilterImage 'TestDrive:/t/{Model}-{Filter:000}.jpg'
        "$TestDrive/t/model-001.jpg" | Should -Exist
    }

    It 'writes <Magic> to <File> for <Path> <Options>' -ForEach @(
        @{ Path = '{Model}/{Layer}-{Filter:00}-{Seed}.jpg'; Options = @{}; File = 'model/conv1-relu-01-0.jpg'; Magic = "`u{FF}`u{D8}" }
        @{ Path = '{Filter}'; Options = @{ Format = 'Webp' }; File = '1.webp'; Magic = 'RIFF' }
        @{ Path = ''; Options = @{ Format = 'Tiff' }; File = 'conv1_0001.tiff'; Magic = 'II*' }
        @{ Path = '{Layer}_{Filter}'; Options = @{ Format = 'Jpeg'; Quality = 50 }; File = 'conv1_1.jpg'; Magic = "`u{FF}`u{D8}" }
        @{ Path = '{Layer}.png'; Options = @{}; File = 'conv1-relu.png'; Magic = "`u{89}PNG" }
    ) {
        $images | Export-FilterImage "$TestDrive/formats/$Path" @Options -Force
        $start = [IO.File]::ReadAllBytes("$TestDrive/formats/$File")[0..($Magic.Length - 1)]
        [Text.Encoding]::Latin1.GetString($start) | Should -Be $Magic
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.png mine
        Get-FailureId { $images[0] | Export-FilterImage $TestDrive/kept.png } | Should -Be FileExists
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
        Get-ChildItem $TestDrive/confirmed | Should -HaveCount 4
    }

    It 'says in the file what repeats it' {
        $images[1] | Export-FilterImage $TestDrive/facts.png
        $text = Get-PngText $TestDrive/facts.png
        $text.Title | Should -Be 'model conv1 filter 1'
        $facts = $text.CnnViz | ConvertFrom-Json
        foreach ($fact in 'Model', 'ModelSha256', 'Layer', 'Filter', 'Seed') {
            $facts.$fact | Should -Be $images[1].$fact
        }

        [float]$facts.activation | Should -Be $images[1].Activation
        $facts.recipe, $facts.steps, $facts.status | Should -Be Robust, 3, StepLimit
    }

    It 'writes the same bytes for the same seed' {
        foreach ($name in 'five', 'again', 'six') {
            $layer | Invoke-FilterMaximization 7 -Seed ($name -eq 'six' ? 6 : 5) -Steps 5 -Size 16 | Export-FilterImage $TestDrive/$name.png
        }

        $hash = (Get-FileHash $TestDrive/five.png).Hash
        (Get-FileHash $TestDrive/again.png).Hash | Should -Be $hash
        (Get-FileHash $TestDrive/six.png).Hash | Should -Not -Be $hash
    }

    It 'does not write a picture without a signal, and says so' {
        $model | Get-CnnLayer dead | Invoke-FilterMaximization -WarningAction Ignore |
            Export-FilterImage $TestDrive/dead -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*not exported*'
        "$TestDrive/dead" | Should -Not -Exist
    }

    It 'refuses <Path> <Options>' -ForEach @(
        @{ Path = 'one.png'; Options = @{ Format = 'Jpeg' }; Id = 'FormatMismatch' }
        @{ Path = 'new/one.bmp'; Options = @{}; Id = 'UnknownFormat' }
        @{ Path = '{Layer}.bmp'; Options = @{}; Id = 'UnknownFormat' }
        @{ Path = '{Nothing}.png'; Options = @{}; Id = 'UnknownPlaceholder' }
        @{ Path = 'variable:PWD'; Options = @{}; Id = 'NotFileSystem' }
    ) {
        Get-FailureId { $images | Export-FilterImage $Path @Options } | Should -Be $Id
    }

    It 'writes an error for each picture where there can be no folder, and leaves no part' {
        Set-Content $TestDrive/taken 'a file'
        $failures = Get-Failure { $images[0, 1] | Export-FilterImage $TestDrive/taken/ }
        $failures.CategoryInfo.Category | Should -Be WriteError, WriteError
        Get-ChildItem $TestDrive -Recurse -Filter *.part | Should -BeNullOrEmpty
    }

    It 'lists the formats where an extension is none' {
        $failure = Get-Failure { $images | Export-FilterImage $TestDrive/one.bmp }
        "$failure" | Should -BeLike '*.png, .jpg, .jpeg, .webp, .tif, .tiff*'
        "$TestDrive/one.bmp" | Should -Not -Exist
    }

    It 'takes <Path> for a folder' -ForEach @(
        @{ Path = 'v1.2' }
        @{ Path = 'made.by.me/' }
        @{ Path = 'is.there' }
        @{ Path = '.hidden' }
    ) {
        $null = New-Item -ItemType Directory -Force $TestDrive/is.there
        ($images[0] | Export-FilterImage $TestDrive/$Path -PassThru).Name | Should -Be conv1_0000.png
        (Get-Item $TestDrive/$Path -Force).PSIsContainer | Should -BeTrue
    }

    It 'gives pictures of one name several: <Names>' -ForEach @(
        @{ Names = 'conv1_0000.png', 'conv1_0000_seed1.png', 'conv1_0000_seed2.png'; Make = { $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16 -Count 3 } }
        @{ Names = 'conv1_0000.png', 'conv1_0000_Classic.png'; Make = { 'Robust', 'Classic' | ForEach-Object { $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16 -Recipe $_ } } }
        @{ Names = 'conv1_0000.png', 'conv1_0000_other.png'; Make = { $model, $other | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 1 -Size 16 } }
        @{ Names = 'conv1_0000.png', 'conv1_0000_2.png', 'conv1_0000_3.png'; Make = { @($images[0]) * 3 } }
    ) {
        New-TinyModel -Path $TestDrive/other.onnx -Rectifier other
        $other = Import-CnnModel $TestDrive/other.onnx
        $folder = "$TestDrive/several/$($Names[1] -replace '\W')"
        foreach ($force in $false, $true) {
            $files = & $Make | Export-FilterImage $folder -PassThru -Force:$force
            $files.Name | Should -Be $Names
            Get-ChildItem $folder | Should -HaveCount $Names.Count
        }
    }

    It 'gives items like those of Get-Item' {
        $item = $images[0] | Export-FilterImage $TestDrive/item.png -PassThru
        $item.PSPath | Should -Be (Get-Item $TestDrive/item.png).PSPath
        ($item | Get-Content -AsByteStream -TotalCount 2)[1] | Should -Be ([byte][char]'P')
        ($item | Import-FilterImage).Layer | Should -Be conv1
    }

    It 'says why a file cannot be written, and names the file: <Path>' -Skip:(-not $IsLinux) -ForEach @(
        @{ Path = '/proc/x/y.png'; Id = 'FileNotWritten' }
        @{ Path = '/dev/null/y.png'; Id = 'FileIsNoFolder' }
    ) {
        $failure = Get-Failure { $images[0] | Export-FilterImage $Path }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.TargetObject | Should -Be $Path
        $failure.CategoryInfo.Category | Should -Be WriteError
        "$failure" | Should -BeLike "'$Path' cannot be written: *"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'refuses a picture that was disposed' {
        $gone = $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16
        $gone.Dispose()
        Get-Failure { $gone | Export-FilterImage $TestDrive/gone } | Should -BeLike '*disposed*'
        "$TestDrive/gone" | Should -Not -Exist
    }
}
