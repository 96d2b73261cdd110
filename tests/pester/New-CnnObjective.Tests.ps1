BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
    $layer = $model | Get-CnnLayer conv1
}

Describe 'New-CnnObjective' {
    It 'makes one of a layer or of each of its filters' {
        "$($layer | New-CnnObjective)" | Should -Be 'conv1'
        ($layer | New-CnnObjective -Filter 0, 3 | ForEach-Object ToString) | Should -Be 'conv1:0', 'conv1:3'
        ($layer | Get-CnnFilter 5 | New-CnnObjective | ForEach-Object ToString) | Should -Be 'conv1:5'
    }

    It 'makes sums, with weights' {
        $a, $b = $layer | New-CnnObjective -Filter 0, 3
        $image = ($a + $b * -0.5) | Invoke-FilterMaximization -Steps 2 -Size 16
        $image.Objective | Should -Be "$($a + $b * -0.5)"
        $image.Filter | Should -BeNullOrEmpty
    }

    It 'looks at one part of the map' {
        "$($layer | New-CnnObjective -Filter 0 -Center)" | Should -Be 'conv1:0[center]'
        { $layer | New-CnnObjective -Filter 0 -Center -Position 0, 0 } | Should -Throw '*one part of the map*'
    }

    It 'says which filter does not exist, and goes on' {
        $found = $layer | New-CnnObjective -Filter 99, 1 -ErrorVariable failed -ErrorAction SilentlyContinue
        "$found" | Should -Be 'conv1:1'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FilterOutOfRange,*'
    }
}
