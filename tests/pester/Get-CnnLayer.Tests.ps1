BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx
}

Describe 'Get-CnnLayer' {
    It 'lists the layers in execution order' {
        $layers = $model | Get-CnnLayer
        $layers.Index | Should -Be (0..($layers.Count - 1))
        $layers.Name | Should -Be conv1, relu1, conv2, pool, classifier
    }

    It 'says what each layer is' {
        $layers = $model | Get-CnnLayer
        $layers.Kind | Should -Be Conv2d, ReLU, Conv2d, GlobalAvgPool2d, Linear
        $layers.Filters | Should -Be 8, 8, 8, 8, 10
        $layers.Parameters | Should -Be 224, 0, 584, 0, 90
        $layers.OutputShape | ForEach-Object ToString | Should -Be '8×32×32', '8×32×32', '8×16×16', '8×1×1', '10'
        $layers.ReceptiveField | ForEach-Object ToString | Should -Be '3×3 / 1', '3×3 / 1', '5×5 / 2', 'whole image', 'whole image'
    }

    It 'chooses <Names> with <Get>' -ForEach @(
        @{ Get = { $model | Get-CnnLayer conv* }; Names = 'conv1', 'conv2' }
        @{ Get = { $model | Get-CnnLayer CONV1 }; Names = 'conv1' }
        @{ Get = { $model | Get-CnnLayer classifier, conv1 }; Names = 'conv1', 'classifier' }
        @{ Get = { $model | Get-CnnLayer -Kind Conv2d }; Names = 'conv1', 'conv2' }
        @{ Get = { $model | Get-CnnLayer -Kind conv*, linear }; Names = 'conv1', 'conv2', 'classifier' }
        @{ Get = { $model | Get-CnnLayer *1 -Kind ReLU }; Names = 'relu1' }
        @{ Get = { $model | Get-CnnLayer nothing* }; Names = $null }
    ) {
        (& $Get).Name | Should -Be $Names
    }

    It 'means the model imported last without one' {
        (Get-CnnLayer conv1).Model | Should -Be $model
    }

    It 'says so where no model was imported' {
        Get-FailureId {
            Start-ThreadJob { Import-Module $using:PSScriptRoot/../../CnnViz.psd1; Get-CnnLayer } | Receive-Job -Wait -AutoRemoveJob
        } | Should -Be NoModel
    }

    It 'says so where the model was disposed' {
        $gone = Import-CnnModel $TestDrive/model.onnx
        $layer = $gone | Get-CnnLayer conv1
        $gone.Dispose()
        Get-FailureId { $gone | Get-CnnLayer; $layer | Get-CnnFilter 0; $layer | Invoke-FilterMaximization 0 } |
            Should -Be ModelDisposed, ModelDisposed, ModelDisposed
    }

    It 'offers the nearest names for one that matches nothing, and goes on' {
        $layers = $model | Get-CnnLayer konv1, conv2 -ErrorVariable failures -ErrorAction SilentlyContinue
        $layers.Name | Should -Be conv2
        $failures | Should -HaveCount 1
        $failures[0] | Should -BeLike "*no layer 'konv1'*'conv1'*"
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'LayerNotFound,*'
    }

    It 'lists the kinds where one matches nothing, and goes on' {
        $layers = $model | Get-CnnLayer -Kind Conv, linear -ErrorVariable failures -ErrorAction SilentlyContinue
        $layers.Name | Should -Be classifier
        $failures | Should -HaveCount 1
        $failures[0] | Should -BeLike "*no layer of the kind 'Conv'*Conv2d, ReLU, GlobalAvgPool2d, Linear*"
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'LayerKindNotFound,*'
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike "*'Conv*'*"
    }

    It 'does not take a model for a name' {
        { Get-CnnLayer $model } | Should -Throw '*A CnnModel is not a text*'
    }

    It 'shows at most five columns' {
        $text = ($model | Get-CnnLayer conv1 | Out-String) -replace '\x1b\[[0-9;]*m'
        ($text.Trim() -split "`n")[0].Trim() -split '\s+' | Should -Be 'Name', 'Kind', 'Filters', 'OutputShape', 'ReceptiveField'
    }
}
