BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
}

Describe 'Invoke-FilterInterpolation' {
    It 'goes from one filter to another one in a straight line' {
        $row = $layer | Invoke-FilterInterpolation 0, 2 -Steps 3 -Size 16
        $row.Interpolation.Mix | Should -Be 0, 0.25, 0.5, 0.75, 1
        $row.Objective | Should -Be 'conv1:0', '0.75 * conv1:0 + 0.25 * conv1:2', '0.5 * conv1:0 + 0.5 * conv1:2', '0.25 * conv1:0 + 0.75 * conv1:2', 'conv1:2'
        $row.Filter | Should -Be 0, $null, $null, $null, 2
        $row[1].Interpolation.Between | Should -Be conv1:0, conv1:2
        "$($row[1].Interpolation)" | Should -Be 'conv1:0 to conv1:2, 0.25'
    }

    It 'goes through several filters, which <Source> name' -ForEach @(
        @{ Source = 'filters'; Get = { $layer | Get-CnnFilter 0, 1, 2 } }
        @{ Source = 'objectives'; Get = { $layer | New-CnnObjective -Filter 0, 1, 2 } }
        @{ Source = 'rows of a table'; Get = { 'Layer,Filter', 'conv1,0', 'conv1,1', 'conv1,2' | ConvertFrom-Csv } }
    ) {
        $row = & $Get | Invoke-FilterInterpolation -Count 3 -Steps 2 -Size 16
        $row.Interpolation.Mix | Should -Be 0, 0.5, 1, 1.5, 2
        $row.Interpolation.Number | Should -Be (0..4)
        $row[3].Objective | Should -Be '0.5 * conv1:1 + 0.5 * conv1:2'
        $row[3].Interpolation.Count | Should -Be 5
    }

    It 'makes a row for each layer, and takes numbers for a named layer' {
        $rows = $model | Get-CnnLayer conv* | Invoke-FilterInterpolation 0, 1 -Count 2 -Steps 1
        $rows.Objective | Should -Be 'conv1:0', 'conv1:1', 'conv2:0', 'conv2:1'
        (0, 1 | Invoke-FilterInterpolation -Layer conv1 -Count 2 -Steps 1).Objective | Should -Be 'conv1:0', 'conv1:1'
    }

    It 'writes files in the order of the row, which say where they stand in it' {
        $layer | Invoke-FilterInterpolation 0, 2 -Count 3 -Steps 2 -Size 16 | Export-FilterImage $TestDrive/row
        (Get-ChildItem $TestDrive/row).Name | Should -Be 'conv1-0_to_conv1-2_00.png', 'conv1-0_to_conv1-2_01.png', 'conv1-0_to_conv1-2_02.png'
        $read = Import-FilterImage $TestDrive/row
        $read.Interpolation.Mix | Should -Be 0, 0.5, 1
        $read[1].Interpolation.Alignment | Should -Be 0.8
        $read[0].Interpolation.Between | Should -Be conv1:0, conv1:2
    }

    It 'is not taken for pictures that climbed alone' {
        $layer | Invoke-FilterInterpolation 0, 2 -Count 2 -Steps 2 -Size 16 | Export-FilterImage $TestDrive/ends
        ($layer | Invoke-FilterMaximization 0 -Steps 2 -Size 16 -SkipExisting $TestDrive/ends).Count | Should -Be 1
    }

    It 'says <Id> for <What>' -ForEach @(
        @{ What = 'one filter'; Id = 'TooFewFilters'; Call = { $layer | Invoke-FilterInterpolation 0 -Steps 1 } }
        @{ What = 'a filter that is not there'; Id = 'FilterOutOfRange'; Call = { $layer | Invoke-FilterInterpolation 0, 999 -Steps 1 } }
        @{ What = 'an object without a filter'; Id = 'NoFilter'; Call = { 'x' | Invoke-FilterInterpolation -Steps 1 } }
    ) {
        $ErrorActionPreference = 'Continue'
        $written = & $Call 2>&1
        $written[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }
}
