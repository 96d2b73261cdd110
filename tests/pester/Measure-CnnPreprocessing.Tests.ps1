BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/ManyPictures.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    @('red', 'green', 'blue') + (4..10) | Set-Content $TestDrive/names.txt
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $photos = "$TestDrive/photos"

    # Red, green and blue.
    $model | Invoke-ClassMaximization 0, 1, 2 -Recipe Classic -Steps 15 -Layer classifier | Export-FilterImage "$photos/{Filter}.png"
    'red', 'green', 'blue' | ForEach-Object { $i = 0 } { Rename-Item "$photos/$i.png" "$($_)_1.png"; $i++ }
}

Describe 'Measure-CnnPreprocessing' {
    It 'ranks preprocessings, the best first' {
        $found = $model | Measure-CnnPreprocessing $photos -WarningAction SilentlyContinue
        $found | Should -BeOfType CnnViz.Activations.PreprocessingScore
        $found | ForEach-Object Rank | Should -Be (1..$found.Count)
        $found.Score | Should -Be ($found.Score | Sort-Object -Descending)
        @($found.Where{ $_.IsInUse }).Preprocessing.Name | Should -Be Unit
        $found.Photos | Sort-Object -Unique | Should -Be 3
        $found[0].Accuracy | Should -BeNullOrEmpty
    }

    It 'counts right answers where photos are called after classes' {
        $found = $model | Measure-CnnPreprocessing $photos -ClassName $TestDrive/names.txt -WarningAction SilentlyContinue
        $found[0].Accuracy | Should -Be 1
        $found[0].NamedPhotos | Should -Be 3
        "$($found[0].Preprocessing.ChannelOrder)" | Should -Be Rgb
    }

    It 'warns with the parameters to import it with, which do' {
        $swapped = Import-CnnModel $TestDrive/model.onnx -ChannelOrder Bgr
        $best = $swapped | Measure-CnnPreprocessing $photos -ClassName $TestDrive/names.txt -WarningVariable said -WarningAction SilentlyContinue
        $said | Should -HaveCount 1
        "$said" | Should -BeLike "*$($best[0].ImportParameters)"
        $again = Invoke-Expression "Import-CnnModel '$TestDrive/model.onnx' $($best[0].ImportParameters)"
        "$($again.Preprocessing)" | Should -Be "$($best[0].Preprocessing)"
        $again | Measure-CnnPreprocessing $photos -ClassName $TestDrive/names.txt -WarningVariable said
        $said | Should -BeNullOrEmpty
    }

    It 'means the model that was imported last' {
        $last = Import-CnnModel $TestDrive/model.onnx -Preprocessing None
        $found = Get-ChildItem $photos | Measure-CnnPreprocessing -WarningAction SilentlyContinue
        $found.Where{ $_.IsInUse }.Preprocessing.Name | Should -Be $last.Preprocessing.Name
    }

    It 'reports each photo that cannot be read, and goes on' {
        $script:found = $null
        $ids = Get-FailureId {
            $script:found = $model | Measure-CnnPreprocessing $photos, $TestDrive/names.txt, $TestDrive/none.png -WarningAction SilentlyContinue
        }
        $ids | Sort-Object | Should -Be PathNotFound, PictureUnreadable
    }

    It 'is stopped at once, and completes progress' {
        $many = "$TestDrive/many"
        New-ManyPictures $many (Get-ChildItem $photos)[0].FullName 20000
        Measure-Stop { $using:model | Measure-CnnPreprocessing $using:many -BatchSize 64 } | Should -BeLessThan 3
        [IO.Directory]::Delete($many, $true)
        $run = Watch-Pipeline { $using:model | Measure-CnnPreprocessing $using:photos -WarningAction SilentlyContinue }
        Get-OpenProgress $run.Progress | Should -BeNullOrEmpty
    }

    It 'crosses to a job as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx | Measure-CnnPreprocessing $using:photos -WarningAction SilentlyContinue
        }
        $scores = $job | Receive-Job -Wait -AutoRemoveJob
        $scores[0].pstypenames | Should -Contain 'Deserialized.CnnViz.Activations.PreprocessingScore'
        $scores[0].ImportParameters | Should -Not -BeNullOrEmpty
    }
}
