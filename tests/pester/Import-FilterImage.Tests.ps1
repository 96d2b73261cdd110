BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $images = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 0, 1 -Steps 3 -Size 16
    $images | Export-FilterImage $TestDrive/out
}

Describe 'Import-FilterImage' {
    It 'takes files of Get-ChildItem and PSDrives' {
        (Get-ChildItem $TestDrive/out | Import-FilterImage).Filter | Should -Be 0, 1
        (Import-FilterImage TestDrive:/out/*.png).Filter | Should -Be 0, 1
        (Import-FilterImage -LiteralPath TestDrive:/out/conv1_0001.png).Path | Should -Be (Join-Path $TestDrive out conv1_0001.png)
    }

    It 'gives the pixels and every fact' {
        $read = Import-FilterImage $TestDrive/out/conv1_0001.png
        $read | Should -BeOfType CnnViz.Ascent.FilterImage
        $read.Tensor.shape | Should -Be 3, 16, 16
        foreach ($fact in 'Model', 'ModelSha256', 'Objective', 'Layer', 'Filter', 'Activation', 'Activations', 'Status', 'Seed', 'Preprocessing', 'Size') {
            $read.$fact | Should -Be $images[1].$fact
        }

        $read.Recipe.Views | Should -Be $images[1].Recipe.Views
    }

    It 'writes the same file again' {
        Import-FilterImage $TestDrive/out | Export-FilterImage $TestDrive/again
        (Get-FileHash $TestDrive/again/*).Hash | Should -Be (Get-FileHash $TestDrive/out/*).Hash
    }

    It 'says so when a picture is not one of ours' {
        $bytes = [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==')
        [IO.File]::WriteAllBytes("$TestDrive/plain.png", $bytes)
        { Import-FilterImage $TestDrive/plain.png -ErrorAction Stop } | Should -Throw '*does not say which model*'
    }

    It 'stays plain data on its way to a job' {
        $plain = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Import-FilterImage $TestDrive/out/conv1_0000.png)))
        $plain.Path | Should -BeLike '*conv1_0000.png'
        $plain.Objective | Should -Be 'conv1:0'
    }
}

Describe 'Export-Csv of chosen facts' {
    It 'gives them back' {
        Import-FilterImage $TestDrive/out | Select-Object Layer, Filter, Activation | Export-Csv $TestDrive/facts.csv
        (Import-Csv $TestDrive/facts.csv).Filter | Should -Be '0', '1'
    }
}
