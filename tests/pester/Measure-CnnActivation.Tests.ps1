BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/ManyPictures.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    . $PSScriptRoot/PngText.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1

    # Red, green and blue.
    $pictures = "$TestDrive/all/pictures"
    $layer | Invoke-FilterMaximization 0, 1, 2 -Recipe Classic -Steps 15 | Export-FilterImage $pictures
}

Describe 'Measure-CnnActivation' {
    It 'gives an object for each image, layer and filter' {
        $found = $model | Get-CnnLayer conv1, conv2 | Measure-CnnActivation $pictures
        $found | Should -HaveCount (3 * 16)
        $found | Should -BeOfType CnnViz.Activations.FilterActivation
        $found[0..15].Layer | Should -Be (@('conv1') * 8 + @('conv2') * 8)
        $found[0..15].Filter | Should -Be (@(0..7) * 2)
        Split-Path $found[0, 16, 32].Path -Leaf | Should -Be conv1_0000.png, conv1_0001.png, conv1_0002.png
    }

    It 'takes pictures from the pipeline: <What>' -ForEach @(
        @{ What = 'paths'; Make = { "$pictures/conv1_0000.png", "$pictures/conv1_000[12].png" } }
        @{ What = 'items'; Make = { Get-ChildItem $pictures } }
        @{ What = 'files'; Make = { [IO.DirectoryInfo]::new($pictures).GetFiles() } }
        @{ What = 'a folder'; Make = { [IO.DirectoryInfo]$pictures } }
        @{ What = 'what was written'; Make = { Import-FilterImage $pictures | Export-FilterImage $TestDrive/passed -PassThru -Force } }
    ) {
        & $Make | Measure-CnnActivation -Layer $layer -Filter 0 | Should -HaveCount 3
        & $Make | Invoke-DeepDream -Objective $layer -Steps 1 -Octaves 1 | Should -HaveCount 3
        (& $Make | Measure-CnnPreprocessing -Model $model -WarningAction Ignore).Count | Should -BeGreaterThan 3
        & $Make | Import-FilterImage | Should -HaveCount 3
    }

    It 'does not take a layer for a path' {
        Get-FailureId { $layer | Measure-CnnActivation } | Should -Be InputObjectMissingMandatory
    }

    It 'says how strongly and where the filter fires' {
        $found = $layer | Measure-CnnActivation $pictures/conv1_0000.png -Filter 0
        $found.Model | Should -Be model
        $found.ClassName | Should -BeNullOrEmpty
        $found.Max | Should -BeGreaterThan $found.Mean
        $found.Position.Row | Should -BeIn (0..31)
        $found.Patch.Height | Should -BeIn 2, 3
    }

    It 'ranks the own picture of a filter first' {
        foreach ($filter in 0..2) {
            $best = $layer | Measure-CnnActivation $pictures -Filter $filter | Sort-Object Mean -Descending | Select-Object -First 1
            Split-Path $best.Path -Leaf | Should -Be "conv1_000$filter.png"
        }
    }

    It 'passes over the images once for all layers' {
        $layers = $model | Get-CnnLayer conv1, conv2, classifier
        $run = Watch-Pipeline { $using:layers | Measure-CnnActivation $using:pictures -Filter 1 -Verbose }
        $run.Output.Layer | Should -Be (@('conv1', 'conv2', 'classifier') * 3)
        $run.Output[2].Position | Should -BeNullOrEmpty
        @($run.Verbose -like "Measured 3 filters of 'model' on 3 images*") | Should -HaveCount 1
    }

    It 'passes over the images model by model' {
        Copy-Item $TestDrive/model.onnx $TestDrive/other.onnx
        $other = Import-CnnModel $TestDrive/other.onnx -Preprocessing Unit
        $found = $model, $other | Get-CnnLayer conv2 | Measure-CnnActivation $pictures -Filter 0
        $found.Model | Should -Be model, model, model, other, other, other
        $found[0..2].Max | Should -Be $found[3..5].Max
    }

    It 'takes filters from the pipeline, in their order' {
        $found = $model | Get-CnnLayer conv1, conv2 | Get-CnnFilter 2, 0 | Measure-CnnActivation $pictures/conv1_0001.png
        $found.ForEach{ "$($_.Layer):$($_.Filter)" } | Should -Be conv1:2, conv1:0, conv2:2, conv2:0
    }

    It 'names the classes of units' {
        @('red', 'green', 'blue') + (4..10) | Set-Content $TestDrive/names.txt
        $named = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit -ClassName $TestDrive/names.txt
        $found = $named | Get-CnnLayer conv1, classifier | Measure-CnnActivation $pictures/conv1_0002.png -Filter 0, 1, 2
        $found.ClassName | Should -Be $null, $null, $null, 'red', 'green', 'blue'
        ($found[3..5] | Sort-Object Max -Descending)[0].ClassName | Should -Be blue
        $found[3..5].Mean | Should -Be $found[3..5].Max
    }

    It 'takes images from <From>' -ForEach @(
        @{ From = 'a PSDrive, by wildcard'; Expected = 1; Script = { $layer | Measure-CnnActivation TestDrive:/all/pictures/*1.png -Filter 0 } }
        @{ From = 'file objects'; Expected = 3; Script = { Get-ChildItem $pictures -File | Measure-CnnActivation -Layer $layer -Filter 0 } }
        @{ From = 'folders of folders'; Expected = 3; Script = { $layer | Measure-CnnActivation $TestDrive/all -Recurse -Filter 0 } }
        @{ From = 'several paths, each once'; Expected = 3; Script = { $layer | Measure-CnnActivation $pictures, $pictures/*.png -Filter 0 } }
    ) {
        (& $Script).Path | Should -Be (Get-ChildItem $pictures).FullName.Where{ $Expected -eq 3 -or $_ -like '*1.png' }
    }

    It 'takes brackets literally with -LiteralPath' {
        Copy-Item $pictures/conv1_0002.png "$TestDrive/a[1].png"
        $literal = $layer | Measure-CnnActivation -LiteralPath "$TestDrive/a[1].png" -Filter 0
        $literal.Max | Should -Be ($layer | Measure-CnnActivation $pictures/*2.png -Filter 0).Max
    }

    It 'does nothing without a layer in the pipeline' {
        $model | Get-CnnLayer none* | Measure-CnnActivation $pictures -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'lets a measurement leave as soon as it is done' {
        $layer | Measure-CnnActivation $pictures -BatchSize 1 | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'crosses to a job as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            $remote = Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1
            $remote | Measure-CnnActivation $using:pictures -Filter 0 -Top 1
        }
        $patch = $job | Receive-Job -Wait -AutoRemoveJob
        $patch.pstypenames | Should -Contain 'Deserialized.CnnViz.Activations.FilterPatch'
        $patch.Position.Row | Should -BeGreaterOrEqual 0
        $patch.Pixels.Count | Should -Be (3 * $patch.Height * $patch.Width)
    }
}

Describe 'Measure-CnnActivation -Top' {
    It 'gives the first of the full sorting' {
        $top = $layer | Measure-CnnActivation $pictures -Top 2
        $all = $layer | Measure-CnnActivation $pictures
        foreach ($filter in 0..7) {
            $expected = $all | Where-Object Filter -EQ $filter | Sort-Object Max -Descending | Select-Object -First 2
            ($top | Where-Object Filter -EQ $filter).Max | Should -Be $expected.Max
        }
    }

    It 'gives them layer by layer, filter by filter, the best first' {
        $top = $model | Get-CnnLayer conv1, conv2 | Measure-CnnActivation $pictures -Filter 0, 2 -Top 2
        $top.Layer | Should -Be (@('conv1') * 4 + @('conv2') * 4)
        $top.Filter | Should -Be 0, 0, 2, 2, 0, 0, 2, 2
        $top | ForEach-Object Rank | Should -Be 1, 2, 1, 2, 1, 2, 1, 2
        Split-Path $top[4].Path -Leaf | Should -Be conv1_0000.png
        $top[4].Pixels.Count | Should -Be (3 * $top[4].Height * $top[4].Width)
    }

    It 'gives patches that can be written beside the maximized pictures' {
        $top = $layer | Measure-CnnActivation $pictures -Filter 1 -Top 1
        $image = $layer | Invoke-FilterMaximization 1 -Steps 3
        $files = $image, $top | Export-FilterImage $TestDrive/both -PassThru
        $files.Name | Should -Be conv1_0001.png, conv1_0001_01.png
    }

    It 'gives patches whose files say where they are from' {
        $patch = $model | Get-CnnLayer conv2 | Measure-CnnActivation $pictures -Filter 0 -Top 1
        $file = $patch | Export-FilterImage "$TestDrive/named/{Layer}-{Filter}-{Rank}-{Image}.png" -PassThru
        $file.Name | Should -Be conv2-0-1-conv1_0000.png
        $text = Get-PngText $file
        $text.Title | Should -Be 'model conv2 filter 0: number 1, from conv1_0000.png'
        $text.CnnViz | Should -BeLike '*"rank":1*'
        $text.CnnViz | Should -BeLike "*`"top`":$($patch.Patch.Top),`"left`":$($patch.Patch.Left),`"height`":$($patch.Height)*"
    }

    It 'gives patches that are not written under what says nothing of them' {
        Get-FailureId { $layer | Measure-CnnActivation $pictures -Filter 0 -Top 1 | Export-FilterImage "$TestDrive/out/{Layer}-{Seed}.png" } |
            Should -Be UnknownPlaceholder
        "$TestDrive/out" | Should -Not -Exist
    }
}

Describe 'Measure-CnnActivation -Map' {
    BeforeAll {
        $maps = $model | Get-CnnLayer conv1, conv2 | Measure-CnnActivation $pictures -Filter 0, 2 -Map
    }

    It 'gives a map for each image, layer and filter' {
        $maps | Should -HaveCount (3 * 4)
        $maps | Should -BeOfType CnnViz.Activations.FilterMap
        $maps[0..3].ForEach{ "$($_.Layer):$($_.Filter) $($_.Rows)x$($_.Columns)" } | Should -Be 'conv1:0 32x32', 'conv1:2 32x32', 'conv2:0 16x16', 'conv2:2 16x16'
        $maps[0].Method | Should -Be Activation
        $maps[0].MapLayer | Should -Be conv1
        Split-Path $maps[0, 4, 8].Path -Leaf | Should -Be conv1_0000.png, conv1_0001.png, conv1_0002.png
    }

    It 'has the numbers of the map, the largest where the activation says it is' {
        $found = $layer | Measure-CnnActivation $pictures/conv1_0000.png -Filter 0
        $maps[0].Values[$found.Position.Row, $found.Position.Column] | Should -Be $found.Max
        $maps[0].Maximum | Should -Be $found.Max
        $maps[0].Minimum | Should -BeLessThan $found.Mean
    }

    It 'draws it over the photo, larger than the network sees it' {
        $maps[0].Size | Should -Be 448×448
        $maps[0].Pixels.Count | Should -Be (3 * 448 * 448)
    }

    It 'gives maps that are written, with their facts, under names of their own' {
        $files = $maps[0..3] | Export-FilterImage $TestDrive/maps -PassThru
        $files.Name | Should -Be conv1_0000_conv1_0000.png, conv1_0000_conv1_0002.png, conv1_0000_conv2_0000.png, conv1_0000_conv2_0002.png
        $text = Get-PngText $files[0]
        $text.Title | Should -Be 'model conv1 filter 0: activation over conv1_0000.png'
        $facts = $text.CnnViz | ConvertFrom-Json
        $facts.method | Should -Be Activation
        $facts.modelSha256 | Should -Be $model.Sha256
        $facts.image | Should -Be conv1_0000.png
        [float]$facts.maximum | Should -Be $maps[0].Maximum
        [float]$facts.minimum | Should -Be $maps[0].Minimum
        Get-FailureId { Import-FilterImage $files[0] } | Should -Be PictureIsMap
    }

    It 'gives maps that are put on sheets and shown' {
        ($maps | Export-FilterSheet $TestDrive/sheets -PassThru).Name | Should -Be conv1.png, conv2.png
        $maps[0] | Show-FilterImage -Protocol Text -PassThru | Should -Be $maps[0]
    }

    It 'gives maps that name filters to maximize' {
        ($maps[3] | Invoke-FilterMaximization -Steps 1 -Size 16).Objective | Should -Be conv2:2
    }

    It 'gives the maps of the best images with -Top' {
        $top = $layer | Measure-CnnActivation $pictures -Filter 0, 1 -Top 2 -Map
        $top.ForEach{ "$($_.Filter) $($_.Rank)" } | Should -Be '0 1', '0 2', '1 1', '1 2'
        $patches = $layer | Measure-CnnActivation $pictures -Filter 0, 1 -Top 2
        $top.Path | Should -Be $patches.Path
        $top.Maximum | Should -Be $patches.Max
    }

    It 'makes an error for a layer without maps, and the others go on' {
        $found = $model | Get-CnnLayer conv1, pool, classifier |
            Measure-CnnActivation $pictures/*0.png -Filter 0 -Map -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Layer | Should -Be conv1
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be NoMap, NoMap
        $failures[1].TargetObject.Name | Should -Be classifier
    }
}

Describe 'An error of Measure-CnnActivation' {
    It 'is one for each file that is no picture, and the others go on' {
        Set-Content $pictures/conv1_0000b.jpg text
        $found = $layer | Measure-CnnActivation $pictures, nowhere.png, $TestDrive/model.onnx -Filter 0 -ErrorVariable failures -ErrorAction SilentlyContinue
        Remove-Item $pictures/conv1_0000b.jpg
        $found | Should -HaveCount 3
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be PathNotFound, PictureUnreadable, PictureUnreadable
        $failures[1].TargetObject | Should -BeLike '*conv1_0000b.jpg'
    }

    It 'is one for a filter that is not there, and the others go on' {
        $layers = $model | Get-CnnLayer conv1, classifier
        $found = $layers | Measure-CnnActivation $pictures/*0.png -Filter 1, 9 -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Filter | Should -Be 1, 1, 9
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'FilterOutOfRange,*'
    }

    It 'is one for a filter that is not there of all the images of the pipeline' {
        $found = Get-ChildItem $pictures | Measure-CnnActivation -Layer $layer -Filter 0, 99 -ErrorVariable failures -ErrorAction SilentlyContinue
        $found | Should -HaveCount 3
        $failures.FullyQualifiedErrorId | Should -BeLike 'FilterOutOfRange,*'
    }

    It 'is one for a model that was disposed, and the other models go on' {
        $other = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
        $gone = $other | Get-CnnLayer conv1
        $other.Dispose()
        $found = $gone, $layer | Measure-CnnActivation $pictures -Filter 0 -ErrorVariable failures -ErrorAction SilentlyContinue
        $found | Should -HaveCount 3
        $failures.FullyQualifiedErrorId | Should -BeLike 'ModelDisposed,*'
    }

    It 'is <Id>, <Category>, for <What>' -ForEach @(
        @{ What = 'a folder without pictures'; Path = 'TestDrive:/all'; Id = 'PictureNotFound'; Category = 'ObjectNotFound' }
        @{ What = 'a file that is not there'; Path = 'nowhere.png'; Id = 'PathNotFound'; Category = 'ObjectNotFound' }
        @{ What = 'a variable'; Path = 'Env:/PATH'; Id = 'NotFileSystem'; Category = 'InvalidArgument' }
    ) {
        $failures = @(Get-Failure { $layer | Measure-CnnActivation $Path })
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures.CategoryInfo.Category | Should -Be $Category
    }

    It 'is NoLayer without a layer' {
        Get-FailureId { Measure-CnnActivation $pictures } | Should -Be NoLayer
    }

    It 'is one of validation for <What>' -ForEach @(
        @{ What = '-Top 0'; Given = @{ LiteralPath = '.'; Top = 0 } }
        @{ What = '-BatchSize 0'; Given = @{ LiteralPath = '.'; BatchSize = 0 } }
        @{ What = 'an empty path'; Given = @{ Path = '' } }
    ) {
        Get-FailureId { $layer | Measure-CnnActivation @Given } | Should -BeLike ParameterArgumentValidationError*
    }
}

Describe 'While Measure-CnnActivation runs' {
    It 'progress counts images, and is completed' {
        $run = Watch-Pipeline { $using:layer | Measure-CnnActivation $using:pictures -BatchSize 1 -Filter 0 }
        $records = @($run.Progress | Where-Object Activity -EQ 'Measuring model')
        $records.Count | Should -BeGreaterThan 1
        $records[-1].RecordType | Should -Be Completed
        $records[0..($records.Count - 2)].StatusDescription | ForEach-Object { $_ | Should -Match '^\d of 3 images done; conv1_' }
    }

    It 'a stop is answered at once' {
        $many = "$TestDrive/many"
        New-ManyPictures $many "$pictures/conv1_0000.png" 20000
        Measure-Stop { $using:model | Get-CnnLayer | Measure-CnnActivation $using:many -Top 3 -BatchSize 64 } | Should -BeLessThan 3
        [IO.Directory]::Delete($many, $true)
    }
}
