BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv1
    $layer | Invoke-FilterMaximization 0, 1, 2 -Recipe Classic | Export-FilterImage $TestDrive/pictures
}

Describe 'Measure-CnnActivation' {
    It 'gives an object for each layer, filter and image' {
        $found = $model | Get-CnnLayer conv1, conv2 | Measure-CnnActivation $TestDrive/pictures
        $found | Should -HaveCount (3 * 16)
        $found | Should -BeOfType CnnViz.Activations.FilterActivation
        $found | Group-Object Layer, Filter, Path | Should -HaveCount 48
    }

    It 'ranks the own picture of a filter first' {
        $best = $layer | Measure-CnnActivation $TestDrive/pictures -Filter 1 | Sort-Object Mean -Descending | Select-Object -First 1
        Split-Path $best.Path -Leaf | Should -Be conv1_0001.png
    }

    It 'takes a PSDrive, wildcards and literal brackets' {
        ($layer | Measure-CnnActivation TestDrive:/pictures/*1.png -Filter 0).Path | Should -Match 'conv1_0001\.png$'
        Copy-Item $TestDrive/pictures/conv1_0002.png "$TestDrive/a[1].png"
        $literal = $layer | Measure-CnnActivation -LiteralPath "$TestDrive/a[1].png" -Filter 0
        $literal.Max | Should -Be ($layer | Measure-CnnActivation $TestDrive/pictures/*2.png -Filter 0).Max
    }

    It 'takes file objects through the pipeline' {
        $found = Get-ChildItem $TestDrive/pictures -File | Measure-CnnActivation -Layer $layer -Filter 0
        $found.Path | Should -Be (Get-ChildItem $TestDrive/pictures -File).FullName
    }

    It 'gives the first of the full sorting with -Top' {
        $top = $layer | Measure-CnnActivation $TestDrive/pictures -Top 2
        $all = $layer | Measure-CnnActivation $TestDrive/pictures
        foreach ($filter in 0..7) {
            $expected = $all | Where-Object Filter -EQ $filter | Sort-Object Max -Descending | Select-Object -First 2
            ($top | Where-Object Filter -EQ $filter).Max | Should -Be $expected.Max
        }
    }

    It 'lets the patches be written beside the maximized pictures' {
        $top = $layer | Measure-CnnActivation $TestDrive/pictures -Filter 1 -Top 1
        $image = $layer | Invoke-FilterMaximization 1 -Steps 3
        $files = $image, $top | Export-FilterImage $TestDrive/both -PassThru
        $files.Name | Should -Be conv1_0001.png, conv1_0001_01.png
    }

    It 'writes one error for a file that is no picture and goes on' {
        Set-Content $TestDrive/pictures/broken.jpg text
        $found = $layer | Measure-CnnActivation $TestDrive/pictures -Filter 0 -ErrorVariable failures -ErrorAction SilentlyContinue
        Remove-Item $TestDrive/pictures/broken.jpg
        $found | Should -HaveCount 3
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PictureUnreadable,*'
    }

    It 'stops when the pipeline has enough' {
        $layer | Measure-CnnActivation $TestDrive/pictures -BatchSize 1 | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'crosses to a job as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            $remote = Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1
            $remote | Measure-CnnActivation $using:TestDrive/pictures -Filter 0 -Top 1
        }
        $patch = $job | Receive-Job -Wait -AutoRemoveJob
        $patch.pstypenames | Should -Contain 'Deserialized.CnnViz.Activations.FilterPatch'
        $patch.Position.Row | Should -BeGreaterOrEqual 0
        $patch.Pixels.Count | Should -Be (3 * $patch.Height * $patch.Width)
    }
}
