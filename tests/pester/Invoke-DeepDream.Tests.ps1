BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv2
    $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Recipe Classic -Steps 5 -Size 40, 56 |
        Export-FilterImage "$TestDrive/photos/{Filter}.jpg"
    $photo = "$TestDrive/photos/0.jpg"
    $quick = @{ Octaves = 2; Steps = 2 }
}

Describe 'Invoke-DeepDream' {
    It 'gives one dream a photo, of the photo''s size' {
        $dreams = $model | Get-CnnLayer conv1, conv2 | Invoke-DeepDream -Path $TestDrive/photos/*.jpg @quick
        $dreams | Should -HaveCount 2
        $dreams | Should -BeOfType CnnViz.Ascent.FilterImage
        $dreams.Size | Should -Be '40×56', '40×56'
    }

    It 'gives the facts that repeat the dream' {
        $numbers = @{ OctaveScale = 1.5; DreamJitter = 3 }
        $dream = $layer | Invoke-DeepDream $photo -Recipe $numbers -Steps 3 -Octaves 2 -TileSize 24 -Strength 0.5 -Seed 7
        $dream.Layer | Should -Be conv2
        $dream.Objective | Should -Be conv2
        $dream.Filter | Should -BeNullOrEmpty
        $dream.Seed | Should -Be 7
        $dream.InitialImage | Should -Be (Get-Item $photo).FullName
        $dream.Status | Should -Be StepLimit
        $dream.Activations | Should -HaveCount 6
        $dream.Recipe.Name | Should -Be DeepDream
        $dream.Recipe.Steps | Should -Be 3
        $dream.Recipe.Update.StepSize | Should -Be ([float](0.75 / 255))
        $dream.Recipe.Dream.Octaves | Should -Be 2
        $dream.Recipe.Dream.OctaveScale | Should -Be 1.5
        $dream.Recipe.Dream.Jitter | Should -Be 3
        $dream.Recipe.Dream.TileSize | Should -Be 24
    }

    It 'makes with -SkipExisting only what is missing' {
        $folder = "$TestDrive/kept"
        $layers = $model | Get-CnnLayer conv1, conv2
        $layers | Invoke-DeepDream $photo @quick -Weight 1, 0.5 | Export-FilterImage $folder
        $layers | Invoke-DeepDream $TestDrive/photos/*.jpg @quick -Weight 1, 0.5 -SkipExisting $folder | ForEach-Object InitialImage |
            Should -Be (Get-Item $TestDrive/photos/1.jpg).FullName

        # The same photo by another name; then other weights, another seed, and another photo by the same name.
        Copy-Item $photo $TestDrive/same.jpg
        $layers | Invoke-DeepDream $TestDrive/same.jpg @quick -Weight 1, 0.5 -SkipExisting $folder | Should -BeNullOrEmpty
        $layers | Invoke-DeepDream $photo @quick -Weight 1, 0.50001 -SkipExisting $folder | Should -HaveCount 1
        $layers | Invoke-DeepDream $photo @quick -Weight 1, 0.5 -Seed 1 -SkipExisting $folder | Should -HaveCount 1
        $layers | Invoke-DeepDream $photo @quick -Weight 1, 0.5 -Strength 2 -SkipExisting $folder | Should -HaveCount 1
        $null = New-Item $TestDrive/elsewhere -ItemType Directory
        Copy-Item $TestDrive/photos/1.jpg $TestDrive/elsewhere/0.jpg
        $layers | Invoke-DeepDream $TestDrive/elsewhere/0.jpg @quick -Weight 1, 0.5 -SkipExisting $folder | Should -HaveCount 1
    }

    It 'raises layers together, by their weights' {
        $layers = $model | Get-CnnLayer conv1, conv2
        $dreams = @($layers | Invoke-DeepDream $photo @quick) + @($layers | Invoke-DeepDream $photo @quick -Weight 0.5, -2)
        $dreams.Objective | Should -Be 'conv1 + conv2', '0.5 * conv1 - 2 * conv2'
        $dreams[0].Layer | Should -Be 'conv1, conv2'
    }

    It 'is guided by filters and objectives' {
        $filter = $model | Get-CnnLayer conv1 | Get-CnnFilter 2
        ($filter | Invoke-DeepDream $photo @quick).Objective | Should -Be conv1:2
        (Invoke-DeepDream $photo -Objective $filter @quick).Objective | Should -Be conv1:2
        ($layer | New-CnnObjective -Filter 0 | Invoke-DeepDream $photo @quick).Objective | Should -Be conv2:0
    }

    It 'takes photos from <From>, each once' -ForEach @(
        @{ From = 'a folder'; Script = { $layer | Invoke-DeepDream $TestDrive/photos @quick } }
        @{ From = 'a PSDrive'; Script = { $layer | Invoke-DeepDream TestDrive:/photos/*.jpg @quick } }
        @{ From = 'the pipeline'; Script = { Get-ChildItem $TestDrive/photos | Invoke-DeepDream -Layer $layer @quick } }
        @{ From = 'several paths'; Script = {
                Invoke-DeepDream -InitialImage $photo, $TestDrive/photos/1.jpg, $photo -Objective $layer @quick
            }
        }
    ) {
        (& $Script).InitialImage | Sort-Object | Should -Be (Get-ChildItem $TestDrive/photos).FullName
    }

    It 'takes brackets literally with -LiteralPath' {
        Copy-Item $photo "$TestDrive/a[1].jpg"
        $layer | Invoke-DeepDream -LiteralPath "$TestDrive/a[1].jpg" @quick | Should -HaveCount 1
    }

    It 'gives the same picture for the same seed' {
        $files = foreach ($name in 'first', 'second') {
            $layer | Invoke-DeepDream $photo @quick -Seed 3 -TileSize 24 | Export-FilterImage "$TestDrive/$name.png" -PassThru
        }
        (Get-FileHash $files[0]).Hash | Should -Be (Get-FileHash $files[1]).Hash
    }

    It 'is written beside the photo, which is not touched' {
        $hash = (Get-FileHash $photo).Hash
        $dream = $layer | Invoke-DeepDream $photo @quick
        $file = $dream | Export-FilterImage $TestDrive/photos -Format Jpeg -PassThru
        $file.Name | Should -Be 0_dream.jpg
        (Get-FileHash $photo).Hash | Should -Be $hash
        Remove-Item $file
        ($dream | Export-FilterImage "$TestDrive/named/{Image}-{Layer}.jpg" -PassThru).Name | Should -Be 0-conv2.jpg
    }

    It 'is read back from its file' {
        $layer | Invoke-DeepDream $photo @quick | Export-FilterImage $TestDrive/dream.png
        $dream = Import-FilterImage $TestDrive/dream.png
        $dream.Recipe.Dream.Octaves | Should -Be 2
        $dream.Recipe.Dream.OctaveScale | Should -Be 1.4
        $dream.Recipe.Dream.Jitter | Should -Be 4
        $dream.InitialImage | Should -Be 0.jpg
        [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$TestDrive/dream.png")) |
            Should -Match 'Title\x00model conv2, dreamt into 0\.jpg'
    }

    It 'dreams more with more strength' {
        $weak, $strong = 0.1, 1 | ForEach-Object { $layer | Invoke-DeepDream $photo @quick -Strength $_ }
        $strong.Activation | Should -BeGreaterThan $weak.Activation
    }

    It 'lets a dream leave as soon as it is done' {
        $dream = Invoke-DeepDream $TestDrive/photos/1.jpg, $photo -Layer $layer -Octaves 2 -Steps 200 -OutVariable all | Select-Object -First 1
        $dream.InitialImage | Should -BeLike '*1.jpg'
        $all | Should -HaveCount 1
    }

    It 'does nothing without a layer in the pipeline' {
        $model | Get-CnnLayer none* | Invoke-DeepDream $photo -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'warns of a filter that nothing moves' {
        $dream = $model | Get-CnnLayer dead | Get-CnnFilter 0 |
            Invoke-DeepDream $photo @quick -WarningVariable warnings -WarningAction SilentlyContinue
        $dream.Status | Should -Be Dead
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*has no picture (Dead)*'
    }

    It 'crosses from a job' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx | Get-CnnLayer conv2 | Invoke-DeepDream $using:photo -Octaves 1 -Steps 1
        }
        $dream = $job | Receive-Job -Wait -AutoRemoveJob
        $dream | Should -BeOfType ([CnnViz.Ascent.FilterImage])
        $dream.InitialImage | Should -Match '0\.jpg$'
    }
}

Describe 'An error of Invoke-DeepDream' {
    It 'is one for each photo that cannot be read, and the others go on' {
        Set-Content $TestDrive/photos/0b.jpg text
        $dreams = $layer | Invoke-DeepDream $TestDrive/photos, nowhere.png @quick -ErrorVariable failures -ErrorAction SilentlyContinue
        Remove-Item $TestDrive/photos/0b.jpg
        $dreams | Should -HaveCount 2
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be PathNotFound, PictureUnreadable
        $failures[1].TargetObject | Should -BeLike '*0b.jpg'
    }

    It 'is <Id> for <What>' -ForEach @(
        @{ Id = 'WeightMismatch'; What = 'one weight for two layers'; Script = { $model | Get-CnnLayer conv1, conv2 | Invoke-DeepDream $photo -Weight 1 } }
        @{ Id = 'NoLayer'; What = 'no layer'; Script = { Invoke-DeepDream $photo } }
        @{ Id = 'ObjectiveCutApart'; What = 'one part of the map, in tiles'; Script = { $layer | New-CnnObjective -Center | Invoke-DeepDream $photo -TileSize 16 } }
        @{ Id = 'RecipeValueOutOfRange'; What = 'no octave'; Script = { $layer | Invoke-DeepDream $photo -Octaves 0 } }
        @{ Id = 'ParameterArgumentValidationError'; What = 'no strength'; Script = { $layer | Invoke-DeepDream $photo -Strength 0 } }
    ) {
        Get-FailureId $Script | Should -Be $Id
    }
}

Describe 'While Invoke-DeepDream runs' {
    It 'progress names the octave, and is completed' {
        $run = Watch-Pipeline { $using:layer | Invoke-DeepDream $using:photo -Steps 50 -Octaves 3 }
        $run.Error | Should -BeNullOrEmpty
        $records = @($run.Progress | Where-Object Activity -EQ 'Dreaming of 0.jpg')
        $records.Count | Should -BeGreaterThan 1
        $records[-1].RecordType | Should -Be Completed
        foreach ($record in $records[0..($records.Count - 2)]) {
            $record.StatusDescription | Should -Match '^Octave \d of 3, step \d+ of 50'
            $record.PercentComplete | Should -BeIn (0..100)
        }
    }

    It 'a stop is answered at once' {
        Measure-Stop { $using:layer | Invoke-DeepDream $using:TestDrive/photos -Steps 10000 -Octaves 3 } | Should -BeLessThan 3
    }
}

Describe 'Rows of a table' {
    It 'name filters for dreams and measurements' {
        $null = Import-CnnModel patterns
        [IO.File]::WriteAllBytes("$TestDrive/noise.png", ((Get-CnnLayer conv2 | Invoke-FilterMaximization 0 -Steps 1 -Size 40 -SnapshotEvery 1).Snapshots[0].ToPng()))
        $row = [pscustomobject]@{ Layer = 'conv2'; Filter = '3' }
        ($row | Invoke-DeepDream $TestDrive/noise.png -Steps 1 -Octaves 1).Objective | Should -Be conv2:3
        ($row | Measure-CnnActivation $TestDrive/noise.png).Filter | Should -Be 3
        $wrong = [pscustomobject]@{ Layer = 'nothing'; Filter = 1 }
        $wrong | Measure-CnnActivation $TestDrive/noise.png -ErrorAction SilentlyContinue -ErrorVariable failed
        "$failed" | Should -Match "nothing"
    }
}
