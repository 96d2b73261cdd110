BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/ManyPictures.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1
    $images = $layer | Invoke-FilterMaximization 0, 3 -Seed 5
    $images | Export-FilterImage $TestDrive/out
    $red, $lying = Get-ChildItem $TestDrive/out
    $figures = $images | Measure-FilterImage
    Set-Content $TestDrive/bad.png 'no picture'

    # What somebody else's program makes of a picture: its pixels, without our facts.
    function Copy-WithoutFacts([string]$Path, [string]$Destination) {
        $bytes = [IO.File]::ReadAllBytes($Path)
        $kept = [Collections.Generic.List[byte]]::new([byte[]]$bytes[0..7])
        for ($at = 8; $at -lt $bytes.Length; $at += $length) {
            $length = [BitConverter]::ToInt32([byte[]]$bytes[($at + 3)..$at], 0) + 12
            if ([Text.Encoding]::ASCII.GetString($bytes, $at + 4, 4) -notlike '*Xt') {
                $kept.AddRange([byte[]]$bytes[$at..($at + $length - 1)])
            }
        }

        [IO.File]::WriteAllBytes($Destination, $kept)
    }
}

Describe 'Measure-FilterImage' {
    It 'gives figures picture by picture, in their order' {
        $figures | Should -HaveCount 2
        $figures | Should -BeOfType CnnViz.Quality.FilterImageQuality
        $figures.Filter | Should -Be 0, 3
        ($images | Measure-FilterImage | Select-Object -First 1).Filter | Should -Be 0
    }

    It 'says of what they are' {
        $figures[0].Model | Should -Be model
        $figures[0].Layer | Should -Be conv1
        $figures[0].Seed | Should -Be 5
        $figures[0].Recipe | Should -Be Robust
        $figures[0].Path | Should -BeNullOrEmpty
    }

    It 'ranks the filter among the others, and tells what is kept and how far from nature it is' {
        ($figures | ForEach-Object Rank)[0] | Should -BeIn (1..8)
        $figures[0].StandardRank | Should -Be 1
        $figures[0].Retention | Should -BeGreaterThan 0.9
        $figures[0].Retention | Should -BeLessThan 1.1

        # A picture of one colour, as this filter likes best, has no spectrum.
        $figures[0].SpectralDistance | Should -BeNullOrEmpty
        ($layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 8 | Measure-FilterImage).SpectralDistance | Should -BeGreaterThan 0
        $figures[0].NaturalRatio | Should -BeNullOrEmpty
        $figures[0].Agreement | Should -BeNullOrEmpty
    }

    It 'shows layer, filter, rank, retention and verdict in a table' {
        $shown = $figures | Out-String
        $shown | Should -Match 'Layer\s+Filter\s+Rank\s+Retention\s+Verdict'
        $shown | Should -Match 'conv1\s+0\s+\d\s'
    }

    It 'shows everything in a list' {
        $shown = $figures[0] | Format-List | Out-String
        foreach ($name in 'RetentionJpeg', 'RobustActivation', 'StandardRank', 'NaturalRatio', 'Agreement', 'NaturalAgreement', 'Verdict', 'Reasons') {
            $shown | Should -Match "$name\s+:"
        }
    }

    It 'measures with another layer and filter' {
        $found = @($images[0] | Measure-FilterImage -Filter 2) +
            @($images[0] | Measure-FilterImage -Layer ($model | Get-CnnLayer conv2) -Filter 1)
        $found.Layer | Should -Be conv1, conv2
        $found.Filter | Should -Be 2, 1
        $found[0].Activation | Should -BeLessThan 0
    }

    It 'compares seeds when it is wanted' {
        $more = 0, 1 | ForEach-Object { $layer | Invoke-FilterMaximization 0, 7 -Seed $_ }
        $found = @($images) + @($more) | Measure-FilterImage -Agreement
        $found.Filter | Should -Be 0, 3, 0, 7, 0, 7
        $found[1].Agreement | Should -BeNullOrEmpty
        foreach ($one in $found[0, 2, 3, 4, 5]) {
            $one.Agreement | Should -BeGreaterOrEqual 0.5
            $one.Agreement | Should -BeLessOrEqual 1.000001
        }
    }

    It 'crosses to a job as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 3 -Seed 5 | Measure-FilterImage
        }
        $quality = $job | Receive-Job -Wait -AutoRemoveJob
        $quality.Activation | Should -Be $figures.Activation
        $quality.Layer | Should -Be conv1, conv1
    }
}

Describe 'Measure-FilterImage of files' {
    It 'knows from <From> what they are of' -ForEach @(
        @{ From = 'a wildcard'; Script = { Measure-FilterImage $TestDrive/out/*.png } }
        @{ From = 'a PSDrive'; Script = { Measure-FilterImage TestDrive:/out/*.png } }
        @{ From = 'paths'; Script = { "$red", "$lying" | Measure-FilterImage } }
        @{ From = 'file objects'; Script = { Get-ChildItem $TestDrive/out | Measure-FilterImage } }
        @{ From = 'the export'; Script = { $images | Export-FilterImage $TestDrive/out -Force -PassThru | Measure-FilterImage } }
    ) {
        $found = & $Script
        $found.Filter | Should -Be 0, 3
        $found.Activation | Should -Be $figures.Activation
        $found.Path | Should -Be $red.FullName, $lying.FullName
    }

    It 'takes brackets literally with -LiteralPath' {
        Copy-Item $lying "$TestDrive/a[1].png"
        (Measure-FilterImage -LiteralPath "$TestDrive/a[1].png").Filter | Should -Be 3
    }

    It 'has to be told what a file of somebody else is of' {
        Copy-WithoutFacts $red $TestDrive/plain.png
        Get-FailureId { Measure-FilterImage $TestDrive/plain.png } | Should -Be PictureFactsMissing
        Get-FailureId { Measure-FilterImage $TestDrive/plain.png -Layer $layer } | Should -Be FilterNeeded
        $told = Measure-FilterImage $TestDrive/plain.png -Layer $layer -Filter 0
        $told.Activation | Should -Be $figures[0].Activation
        $told.Seed | Should -BeNullOrEmpty
    }
}

Describe 'The model that Measure-FilterImage measures with' {
    BeforeAll {
        New-TinyModel -Path $TestDrive/other.onnx -Classes 12
        $other = Import-CnnModel $TestDrive/other.onnx -Preprocessing Unit
        $caffe = Import-CnnModel $TestDrive/model.onnx -Preprocessing Caffe
    }

    It 'is that of the picture, by its hash, and not the newest' {
        ($images[0] | Measure-FilterImage).Model | Should -Be model
    }

    It 'is the one whose preprocessing is the picture''s' {
        ($images[0] | Measure-FilterImage -WarningVariable warnings).Activation | Should -Be $figures[0].Activation
        $warnings | Should -BeNullOrEmpty
    }

    It 'may have another preprocessing, with a warning' {
        $images[0] | Measure-FilterImage -Model $caffe -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 1
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*Caffe*'
    }

    It 'is no other model' {
        $failures = @(Get-Failure { $images | Measure-FilterImage -Model $other })
        $failures | Should -HaveCount 2
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PictureModelNotFound,*'
        $failures[0].Exception.Message | Should -BeLike "*not with 'other'*"
    }

    It 'is none that was disposed' {
        New-TinyModel -Path $TestDrive/gone.onnx -Classes 11
        $gone = Import-CnnModel $TestDrive/gone.onnx -Preprocessing Unit
        $image = $gone | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 2
        $gone.Dispose()
        $failures = @(Get-Failure { $image | Measure-FilterImage })
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike 'PictureModelNotFound,*'
        $failures.CategoryInfo.Category | Should -Be ObjectNotFound
    }
}

Describe 'Measure-FilterImage -NaturalImage' {
    BeforeAll {
        $layer | Invoke-FilterMaximization 0, 1 -Steps 3 | Export-FilterImage $TestDrive/natural
        Set-Content $TestDrive/natural/notes.txt 'no picture'
    }

    It 'compares with the image that fires the filter most, of <From>' -ForEach @(
        @{ From = 'a folder'; Natural = 'natural' }
        @{ From = 'a wildcard'; Natural = 'natural/*.png' }
        @{ From = 'paths'; Natural = 'natural/conv1_0001.png', 'natural/conv1_0000.png' }
    ) {
        $quality = $images[0] | Measure-FilterImage -NaturalImage $Natural.ForEach{ "TestDrive:/$_" }
        $quality.NaturalImage | Should -Be (Get-Item $TestDrive/natural/conv1_0000.png).FullName
        $quality.NaturalRatio | Should -BeGreaterOrEqual 1
        [Math]::Abs($quality.Activation / $quality.NaturalActivation - $quality.NaturalRatio) | Should -BeLessThan 1e-5
    }

    It 'gives the ratio one to the picture itself' {
        ($images[0] | Measure-FilterImage -NaturalImage $red).NaturalRatio | Should -Be 1
    }

    It 'judges with natural images, and says why' {
        $quality = $images[0] | Measure-FilterImage -NaturalImage $TestDrive/natural -Judge $model
        $quality.Verdict | Should -Be Doubtful
        $quality.Reasons | Should -Not -BeNullOrEmpty
        $figures[0].Verdict | Should -BeNullOrEmpty
        $figures[0].Reasons | Should -BeNullOrEmpty
    }

    It 'puts the verdict on a sheet' {
        $quality = $images | Measure-FilterImage -NaturalImage $TestDrive/natural
        $with, $without = ($quality, @()).ForEach{
            $images | Export-FilterSheet "$TestDrive/sheet$($_.Count).png" -ImageQuality $_ -PassThru | ForEach-Object Length
        }
        $with | Should -Not -Be $without
    }

    It 'writes one error for an image that cannot be read, and goes on' {
        $found = $images | Measure-FilterImage -NaturalImage $TestDrive/bad.png, $lying -ErrorVariable failures -ErrorAction SilentlyContinue
        $found | Should -HaveCount 2
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PictureUnreadable,*'
    }

    It 'gives nothing where no image can be read' {
        $found = $images[0] | Measure-FilterImage -NaturalImage $TestDrive/bad.png -ErrorVariable failures -ErrorAction SilentlyContinue
        $found | Should -BeNullOrEmpty
        $failures | Should -HaveCount 2
    }

    It 'lets a stop be answered at once' {
        $many = "$TestDrive/many"
        New-ManyPictures $many $red 3000
        $image = $images[0]
        Measure-Stop { $using:image | Measure-FilterImage -Model $using:model -NaturalImage $using:many } | Should -BeLessThan 1
        [IO.Directory]::Delete($many, $true)
    }
}

Describe 'An error of Measure-FilterImage' {
    It 'is <Id> and the end for <What>' -ForEach @(
        @{ Id = 'PathNotFound'; What = 'natural images that are not there'; Given = { @{ NaturalImage = 'nowhere' } } }
        @{ Id = 'PathNotFound'; What = 'a wildcard for none'; Given = { @{ NaturalImage = 'nowhere*' } } }
        @{ Id = 'NotFileSystem'; What = 'a variable'; Given = { @{ NaturalImage = 'variable:PWD' } } }
        @{ Id = 'NaturalImageNeeded'; What = 'a judge without natural images'; Given = { @{ Judge = $model } } }
        @{ Id = 'LayerAndModel'; What = 'a layer and a model'; Given = { @{ Layer = $layer; Model = $model } } }
    ) {
        $given = & $Given
        Get-FailureId { $images | Measure-FilterImage @given } | Should -Be $Id
    }

    It 'is one for each file that is no picture, and the others go on' {
        $found = Measure-FilterImage $TestDrive/bad.png, nowhere.png, $red -ErrorVariable failures -ErrorAction SilentlyContinue
        $found | Should -HaveCount 1
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be PictureUnreadable, PathNotFound
    }

    It 'is one for each picture where the filter is not there' {
        Get-FailureId { $images | Measure-FilterImage -Filter 99 } | Should -Be FilterOutOfRange, FilterOutOfRange
    }

    It 'is one for a picture that was disposed, and the others go on' {
        $gone = $layer | Invoke-FilterMaximization 0 -Steps 2
        $gone.Dispose()
        $found = $gone, $images[1] | Measure-FilterImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Filter | Should -Be 3
        $failures | Should -HaveCount 1
        $failures[0].Exception.Message | Should -BeLike '*disposed*'
    }
}
