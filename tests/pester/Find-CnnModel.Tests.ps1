BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/Failures.ps1
    $cache = $env:CNNVIZ_CACHE
    $env:CNNVIZ_CACHE = "$TestDrive/cache"
}

AfterAll {
    $env:CNNVIZ_CACHE = $cache
}

Describe 'Find-CnnModel' {
    It 'lists all models, of which none is there at first' {
        $models = Find-CnnModel
        $models | Should -HaveCount 164
        $models | Where-Object CachedPath | Should -BeNullOrEmpty
        "$TestDrive/cache" | Should -Not -Exist
    }

    It 'finds <Names> with <Find>' -ForEach @(
        @{ Find = { Find-CnnModel resnet50 }; Names = 'resnet50' }
        @{ Find = { Find-CnnModel RESNET50.imagenet1k_v2 }; Names = 'resnet50' }
        @{ Find = { Find-CnnModel wide* }; Names = 'wide_resnet50_2.IMAGENET1K_V1', 'wide_resnet50_2', 'wide_resnet101_2.IMAGENET1K_V1', 'wide_resnet101_2' }
        @{ Find = { Find-CnnModel -Family mnist }; Names = 'mnist-12', 'mnist-7', 'mnist-8' }
        @{ Find = { Find-CnnModel -Family Goog*, Alex* -Format PyTorch }; Names = 'alexnet', 'googlenet' }
        @{ Find = { 'vgg19', 'vgg16-1*' | Find-CnnModel }; Names = 'vgg19', 'vgg16-12' }
        @{ Find = { Find-CnnModel vgg19, vgg* -Family VGG -Format ONNX, PyTorch | Where-Object Name -EQ vgg19 }; Names = 'vgg19' }
        @{ Find = { Find-CnnModel nothing* }; Names = $null }
    ) {
        (& $Find).Name | Should -Be $Names
    }

    It 'offers the nearest name for one that is not there, and goes on' {
        $models = Find-CnnModel resnet51, resnet50 -ErrorVariable failures -ErrorAction SilentlyContinue
        $models.Name | Should -Be resnet50
        $failures | Should -HaveCount 1
        $failures[0] | Should -BeLike "*'resnet50'*"
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'PublishedModelNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'says where a model is that is in the cache' {
        $file = New-Item -Force $TestDrive/cache/mnist-12.onnx -Value here
        (Find-CnnModel mnist-12).CachedPath | Should -Be $file.FullName
    }

    It 'shows five columns' {
        $text = Find-CnnModel resnet50 | Out-String -Width 120
        $text | Should -Match 'Name\s+Format\s+SizeMB\s+Accuracy\s+IsCached'
        $text | Should -Match 'resnet50\s+PyTorch\s+97.8\s+80.9\s+(True|False)'
    }

    It 'shows what is known in a list' {
        $text = Find-CnnModel mobilenetv2-12 | Format-List | Out-String -Width 200
        $text | Should -Match 'Sha256\s+: c0c3f76d93fa3fd6580652a45618618a220fced18babf65774ed169de0432ad5'
        $text | Should -Match 'License\s+: Apache-2.0'
        $text | Should -Match 'Preprocessing\s+: ImageNet \('
    }

    It 'gives objects to choose among' {
        $best = Find-CnnModel -Format PyTorch | Where-Object SizeMB -lt 20 | Sort-Object Accuracy -Descending -Top 1
        $best.Name | Should -Be 'regnet_y_400mf'
    }

    It 'crosses to a job as plain data that Save-CnnModel takes by its name' {
        $model = Start-Job { Import-Module $using:PSScriptRoot/../../CnnViz.psd1; Find-CnnModel mnist-8 } | Receive-Job -Wait -AutoRemoveJob
        $model.Sha256 | Should -Be (Find-CnnModel mnist-8).Sha256
        { $model | Save-CnnModel -Path TestDrive:/ -WhatIf -ErrorAction Stop } | Should -Not -Throw
    }
}
