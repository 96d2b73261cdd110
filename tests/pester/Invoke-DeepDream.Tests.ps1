BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv2
    $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Recipe Classic -Steps 5 -Size 40, 56 |
        Export-FilterImage "$TestDrive/photos/{Filter}.jpg"
    $quick = @{ Octaves = 2; Steps = 3 }
}

Describe 'Invoke-DeepDream' {
    It 'gives one dream a photo, of the photo''s size' {
        $dreams = $model | Get-CnnLayer conv1, conv2 | Invoke-DeepDream -Path $TestDrive/photos/*.jpg @quick
        $dreams | Should -HaveCount 2
        $dreams | Should -BeOfType CnnViz.Ascent.FilterImage
        $dreams.Size | Should -Be '40×56', '40×56'
        $dreams[0].Objective | Should -Be 'conv1 + conv2'
    }

    It 'takes photos through the pipeline, PSDrives and literal brackets' {
        (Get-ChildItem $TestDrive/photos | Invoke-DeepDream -Layer $layer @quick).InitialImage |
            Should -Be (Get-ChildItem $TestDrive/photos).FullName
        ($layer | Invoke-DeepDream TestDrive:/photos/1.jpg @quick).InitialImage | Should -Match '1\.jpg$'
        Copy-Item $TestDrive/photos/0.jpg "$TestDrive/a[1].jpg"
        $layer | Invoke-DeepDream -LiteralPath "$TestDrive/a[1].jpg" @quick | Should -HaveCount 1
    }

    It 'gives the same picture for the same seed' {
        $files = foreach ($name in 'first', 'second') {
            $layer | Invoke-DeepDream $TestDrive/photos/0.jpg @quick -Seed 3 -TileSize 24 |
                Export-FilterImage "$TestDrive/$name.png" -PassThru
        }
        (Get-FileHash $files[0]).Hash | Should -Be (Get-FileHash $files[1]).Hash
    }

    It 'is written beside the photo and does not touch it' {
        $hash = (Get-FileHash $TestDrive/photos/0.jpg).Hash
        $file = $layer | Invoke-DeepDream $TestDrive/photos/0.jpg @quick | Export-FilterImage $TestDrive/photos -Format Jpeg -PassThru
        $file.Name | Should -Be 0_dream.jpg
        (Get-FileHash $TestDrive/photos/0.jpg).Hash | Should -Be $hash
        Remove-Item $file
    }

    It 'dreams more with more strength' {
        $weak, $strong = 0.1, 1 | ForEach-Object { $layer | Invoke-DeepDream $TestDrive/photos/0.jpg @quick -Strength $_ }
        $strong.Activation | Should -BeGreaterThan $weak.Activation
    }

    It 'writes one error for a file that is no picture and goes on' {
        Set-Content $TestDrive/photos/0b.jpg text
        $dreams = $layer | Invoke-DeepDream $TestDrive/photos @quick -ErrorVariable failures -ErrorAction SilentlyContinue
        Remove-Item $TestDrive/photos/0b.jpg
        $dreams | Should -HaveCount 2
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PictureUnreadable,*'
    }

    It 'crosses to a job as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx | Get-CnnLayer conv2 | Invoke-DeepDream $using:TestDrive/photos/0.jpg -Octaves 1 -Steps 1
        }
        $dream = $job | Receive-Job -Wait -AutoRemoveJob
        $dream.pstypenames | Should -Contain 'Deserialized.CnnViz.Ascent.FilterImage'
        $dream.InitialImage | Should -Match '0\.jpg$'
    }
}
