BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
}

Describe 'Get-CnnFilter' {
    It 'gives every filter of a layer' {
        $filters = $layer | Get-CnnFilter
        $filters.Index | Should -Be (0..($layer.Filters - 1))
        "$($filters[3])" | Should -Be 'conv1:3'
    }

    It 'gives the norm of the weights, where there are any' {
        ($layer | Get-CnnFilter 0).WeightNorm | Should -Be ([float][Math]::Sqrt(1.5))
        ($model | Get-CnnLayer dead | Get-CnnFilter 0).WeightNorm | Should -Be 0
        ($model | Get-CnnLayer relu1 | Get-CnnFilter 0).WeightNorm | Should -BeNullOrEmpty
    }

    It 'lets the pipeline choose' {
        $strongest = $layer | Get-CnnFilter | Sort-Object WeightNorm -Descending | Select-Object -First 1
        $strongest.WeightNorm | Should -Be ($layer | Get-CnnFilter | Measure-Object WeightNorm -Maximum).Maximum
    }

    It 'writes an error for a filter that is not there and goes on' {
        $filters = $layer | Get-CnnFilter 0, 1000, 1 -ErrorVariable failures -ErrorAction SilentlyContinue
        $filters.Index | Should -Be 0, 1
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'FilterOutOfRange,*'
    }
}
