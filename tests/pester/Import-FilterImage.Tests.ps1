BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $layer = Import-CnnModel $TestDrive/model.onnx | Get-CnnLayer conv1
    $images = $layer | Invoke-FilterMaximization 0, 1 -Steps 3 -Size 16 -Seed 4
    $images | Export-FilterImage $TestDrive/pictures/out
    $folder = "$TestDrive/pictures/out"
}

Describe 'Import-FilterImage' {
    It 'takes <Case>' -ForEach @(
        @{ Case = 'a wildcard'; Import = { Import-FilterImage $folder/*.png } }
        @{ Case = 'a folder'; Import = { Import-FilterImage $folder } }
        @{ Case = 'a folder of folders'; Import = { Import-FilterImage $TestDrive/pictures -Recurse } }
        @{ Case = 'paths from the pipeline'; Import = { "$folder/conv1_0000.png", "$folder/conv1_0001.png" | Import-FilterImage } }
        @{ Case = 'files of Get-ChildItem'; Import = { Get-ChildItem $folder | Import-FilterImage } }
        @{ Case = 'a folder literally'; Import = { Import-FilterImage -LiteralPath $folder } }
        @{ Case = 'a PSDrive'; Import = { Import-FilterImage TestDrive:/pictures/out/*.png } }
    ) {
        $read = & $Import
        $read.Filter | Should -Be 0, 1
        $read.Activation | Should -Be $images.Activation
        $read.Path | Should -Be (Get-ChildItem $folder).FullName
    }

    It 'takes brackets literally with -LiteralPath' {
        Copy-Item $folder/conv1_0000.png "$TestDrive/[a].png"
        (Import-FilterImage -LiteralPath "$TestDrive/[a].png").Filter | Should -Be 0
        (Import-FilterImage -LiteralPath TestDrive:/pictures/out/conv1_0001.png).Path | Should -Be (Get-Item $folder/conv1_0001.png).FullName
    }

    It 'gives the pixels and every fact' {
        $read = Import-FilterImage $folder/conv1_0001.png
        $read | Should -BeOfType CnnViz.Ascent.FilterImage
        $read.Tensor.shape | Should -Be 3, 16, 16
        foreach ($fact in 'Model', 'ModelSha256', 'Objective', 'Layer', 'Filter', 'Activation', 'Activations', 'Status', 'Seed', 'Preprocessing', 'Size') {
            $read.$fact | Should -Be $images[1].$fact
        }

        $read.Recipe.Views | Should -Be $images[1].Recipe.Views
    }

    It 'writes the same file again' {
        Import-FilterImage $folder | Export-FilterImage $TestDrive/again
        (Get-FileHash $TestDrive/again/*).Hash | Should -Be (Get-FileHash $folder/*).Hash
    }

    It 'gives pictures that are measured as those that were made' {
        $measured = Import-FilterImage $folder | Measure-FilterImage
        foreach ($i in 0, 1) {
            [Math]::Abs($measured[$i].Activation - $images[$i].Activation) | Should -BeLessThan 1e-4
        }
    }

    It 'writes an error for each bad file and goes on' {
        $null = New-Item -ItemType Directory $TestDrive/bad
        Copy-Item $folder/conv1_0001.png $TestDrive/bad/good.png
        Set-Content $TestDrive/bad/a.png text
        [IO.File]::WriteAllBytes("$TestDrive/bad/b.png", [IO.File]::ReadAllBytes("$folder/conv1_0000.png")[0..199])
        $plain = [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==')
        [IO.File]::WriteAllBytes("$TestDrive/bad/plain.png", $plain)

        $read = Import-FilterImage $TestDrive/bad, nowhere.png -ErrorVariable failures -ErrorAction SilentlyContinue

        $read.Filter | Should -Be 1
        $failures.FullyQualifiedErrorId -replace ',.*' |
            Should -Be PictureUnreadable, PictureUnreadable, PictureFactsMissing, PathNotFound
        $failures[2] | Should -BeLike '*does not contain the facts of its model*'
    }

    It 'says so where a folder has no picture' {
        $null = New-Item -ItemType Directory $TestDrive/empty
        Get-FailureId { Import-FilterImage $TestDrive/empty } | Should -Be PictureNotFound
    }

    It 'refuses a part of an image' {
        $layer | Measure-CnnActivation $folder/conv1_0000.png -Filter 1 -Top 1 | Export-FilterImage $TestDrive/part.png
        Get-FailureId { Import-FilterImage $TestDrive/part.png } | Should -Be PictureIsPatch
    }

    It 'stays plain data on its way to a job' {
        $serialized = [Management.Automation.PSSerializer]::Serialize((Import-FilterImage $folder/conv1_0000.png))
        $plain = [Management.Automation.PSSerializer]::Deserialize($serialized)
        $plain.Path | Should -BeLike '*conv1_0000.png'
        $plain.Objective | Should -Be 'conv1:0'
    }
}

Describe 'Export-Csv of chosen facts' {
    It 'gives them back' {
        Import-FilterImage $folder | Select-Object Layer, Filter, Activation | Export-Csv $TestDrive/facts.csv
        (Import-Csv $TestDrive/facts.csv).Filter | Should -Be '0', '1'
    }
}
