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

    Context 'with a block' {
        BeforeAll {
            # The rectifier is all of the module "stage".
            New-TinyModel -Path $TestDrive/blocks.onnx -Rectifier stage/relu1
            $blocks = Import-CnnModel $TestDrive/blocks.onnx
        }

        It 'chooses <Names> with <Get>' -ForEach @(
            @{ Get = { $blocks | Get-CnnLayer }; Names = 'conv1', 'stage/relu1', 'conv2', 'pool', 'classifier' }
            @{ Get = { $blocks | Get-CnnLayer stage }; Names = 'stage' }
            @{ Get = { $blocks | Get-CnnLayer conv2, STAGE }; Names = 'stage', 'conv2' }
            @{ Get = { $blocks | Get-CnnLayer stage* }; Names = 'stage/relu1' }
            @{ Get = { $blocks | Get-CnnLayer -Blocks }; Names = 'stage' }
            @{ Get = { $blocks | Get-CnnLayer s* -Blocks }; Names = 'stage' }
            @{ Get = { $blocks | Get-CnnLayer conv1 -Blocks }; Names = $null }
            @{ Get = { $blocks | Get-CnnLayer -Kind Block }; Names = 'stage' }
            @{ Get = { $blocks | Get-CnnLayer -Kind b* }; Names = $null }
            @{ Get = { $blocks | Get-CnnLayer -Kind Block, Linear }; Names = 'stage', 'classifier' }
            @{ Get = { $blocks | Get-CnnLayer stage -Kind ReLU }; Names = $null }
            @{ Get = { $model | Get-CnnLayer -Blocks }; Names = $null }
        ) {
            (& $Get).Name | Should -Be $Names
        }

        It 'says what it is' {
            $block = $blocks | Get-CnnLayer stage
            $block.Kind, $block.IsBlock, $block.Index, $block.Filters, "$($block.OutputShape)", "$($block.ReceptiveField)" |
                Should -Be Block, $true, 1, 8, '8×32×32', '3×3 / 1'
        }

        It 'is a layer for all that take one' {
            $block = $blocks | Get-CnnLayer stage
            $block | Get-CnnFilter 2 | ForEach-Object ToString | Should -Be 'stage:2'
            $images = $block, ($blocks | Get-CnnLayer stage/relu1) | Invoke-FilterMaximization 0 -Recipe Classic -Steps 8
            $images.Layer | Should -Be 'stage', 'stage/relu1'
            $images.HasSignal | Should -Be $true, $true

            # The same tensor: the same seeds, and the same picture.
            $images[0].Activations | Should -Be $images[1].Activations
            $images[0] | Export-FilterImage -Path $TestDrive/out -PassThru | ForEach-Object Name | Should -BeLike '*stage*'
            $images[0] | Measure-FilterImage | ForEach-Object Layer | Should -Be stage

            $measured = $block, ($blocks | Get-CnnLayer stage/relu1) | Measure-CnnActivation -Path (Get-ChildItem $TestDrive/out).FullName
            $measured.Layer | Sort-Object -Unique | Should -Be 'stage', 'stage/relu1'
            ($measured | Where-Object Layer -EQ stage).Max | Should -Be ($measured | Where-Object Layer -EQ stage/relu1).Max

            $null = $images | Export-FilterAtlas -Path $TestDrive/atlas.html -PassThru
            Get-Content $TestDrive/atlas.html -Raw | Should -Match 'Ends with layer'
        }

        It 'is offered by the Tab key' {
            $line = '$blocks | Get-CnnLayer st'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'stage/relu1', 'stage'
            $line = '$blocks | Get-CnnLayer -Blocks -Name '
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'stage'
            $line = '$blocks | Get-CnnLayer -Kind B'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'Block'
        }

        It 'is kept by Export-CnnModel' {
            $blocks | Export-CnnModel -Path $TestDrive/again.onnx
            (Import-CnnModel $TestDrive/again.onnx | Get-CnnLayer -Blocks).Name | Should -Be stage
        }
    }

    It 'shows at most five columns' {
        $text = ($model | Get-CnnLayer conv1 | Out-String) -replace '\x1b\[[0-9;]*m'
        ($text.Trim() -split "`n" | Where-Object { $_.Trim() })[1].Trim() -split '\s+' | Should -Be 'Name', 'Kind', 'Filters', 'OutputShape', 'ReceptiveField'
    }
}
