BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
}

Describe 'New-FilterPlan' {
    It 'writes a plan of layers, with the model and all numbers' {
        $plan = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/plan.json -Steps 5 -Seed 7 -Count 2 -Format Webp
        $plan.Pictures | Should -Be 32
        $plan.Path | Should -Be (Get-Item $TestDrive/plan.json).FullName
        $json = Get-Content $TestDrive/plan.json -Raw | ConvertFrom-Json
        $json.model.sha256 | Should -Be $model.Sha256
        $json.recipe.Steps | Should -Be 5
        $json.recipe.Image.Parameter | Should -Be Fourier
        $json.seed, $json.count, $json.pictureFormat | Should -Be 7, 2, 'Webp'
        $json.layers.name | Should -Be conv1, conv2
        $json.layers.filters | Should -Be '0-7', '0-7'
        $json.layers[1].cost | Should -BeGreaterThan $json.layers[0].cost
    }

    It 'takes filters, numbers, and rows that name filters; each counts once' {
        $rows = @([pscustomobject]@{ Layer = 'conv2'; Filter = 3 }, [pscustomobject]@{ Layer = 'conv1'; Filter = 1 })
        $filters = $model | Get-CnnLayer conv1 | Get-CnnFilter 1, 4
        (@($filters) + $rows | New-FilterPlan $TestDrive/filters.json -Model $model).Layers | ForEach-Object { "$_" } | Should -Be 'conv1 (2)', 'conv2 (1)'
        ($model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/numbers.json -Filter 0, 2).Pictures | Should -Be 4
    }

    It 'writes the same bytes for the same input' {
        $null = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/a.json -Recipe Natural
        $null = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/b.json -Recipe Natural
        (Get-FileHash $TestDrive/a.json).Hash | Should -Be (Get-FileHash $TestDrive/b.json).Hash
    }

    It 'keeps a file that is there, unless forced, and writes nothing with -WhatIf' {
        Set-Content $TestDrive/kept.json 'x'
        $model | Get-CnnLayer conv1 | New-FilterPlan $TestDrive/kept.json -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content $TestDrive/kept.json | Should -Be 'x'
        $model | Get-CnnLayer conv1 | New-FilterPlan $TestDrive/kept.json -Force -WhatIf | Should -BeNullOrEmpty
        Get-Content $TestDrive/kept.json | Should -Be 'x'
        ($model | Get-CnnLayer conv1 | New-FilterPlan $TestDrive/kept.json -Force).Pictures | Should -Be 8
    }

    It 'refuses a recipe whose pictures cannot be told by their files' {
        { $model | Get-CnnLayer conv1 | New-FilterPlan $TestDrive/dream.json -Recipe DeepDream } | Should -Throw
        $null = $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 1 -Size 32 | Export-FilterImage $TestDrive/photo.png
        $failure = { $model | Get-CnnLayer conv1 | New-FilterPlan $TestDrive/s.json -Recipe @{ From = 'Natural'; Spectrum = "$TestDrive/photo.png" } } |
            Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'PlanRecipeUnsuitable,*'
    }

    It 'refuses more pictures than a plan can have' {
        $model | Get-CnnLayer conv*, relu* | New-FilterPlan $TestDrive/large.json -Count 1000000 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'PlanTooLarge,*'
        "$TestDrive/large.json" | Should -Not -Exist
    }

    It 'says what is wrong with a layer or a filter, and plans the others' {
        $plan = $model | Get-CnnLayer conv* | New-FilterPlan $TestDrive/wrong.json -Filter 99 -ErrorAction SilentlyContinue -ErrorVariable failure
        $plan | Should -BeNullOrEmpty
        $failure.Count | Should -Be 2
        New-TinyModel $TestDrive/other.onnx -Rectifier relu9
        $other = Import-CnnModel $TestDrive/other.onnx
        $plan = @($model | Get-CnnLayer conv1) + @($other | Get-CnnLayer conv1) |
            New-FilterPlan $TestDrive/two.json -ErrorAction SilentlyContinue -ErrorVariable failure
        $plan.Pictures | Should -Be 8
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'PlanModelsDiffer,*'
    }
}
