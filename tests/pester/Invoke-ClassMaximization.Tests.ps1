BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    . $PSScriptRoot/Pipelines.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    New-TinyModel -Path $TestDrive/many.onnx -Classes 1000
    $names = 'n01440764 red, crimson', 'green', "it's blue, azure", 'lying', 'standing', 'edge', 'bright', 'mixture', 'ruby', 'jade'
    $names | Set-Content $TestDrive/classes.txt
    $model = Import-CnnModel $TestDrive/model.onnx -ClassName $TestDrive/classes.txt
}

Describe 'Invoke-ClassMaximization' {
    It 'raises the class' {
        $image = $model | Invoke-ClassMaximization green -Steps 60
        $image.Activations[-1] | Should -BeGreaterThan $image.Activations[0]
        $image.Layer | Should -Be classifier
        $image.Filter | Should -Be 1
        $image.ClassName | Should -Be green
        $image.Size | Should -Be '32×32'
        $red, $green, $blue = 0..2 | ForEach-Object { $image.Tensor.select(0, $_).mean().item[float]() }
        $green | Should -BeGreaterThan ($red + 0.02)
        $green | Should -BeGreaterThan ($blue + 0.02)
    }

    It 'takes <Classes>' -ForEach @(
        @{ Classes = 'a name'; Class = 'red'; Expected = 0 }
        @{ Classes = 'a synonym in other letters'; Class = 'CRIMSON'; Expected = 0 }
        @{ Classes = 'all synonyms'; Class = 'red, crimson'; Expected = 0 }
        @{ Classes = 'a number and a name'; Class = 2, 'green'; Expected = 2, 1 }
        @{ Classes = 'each class once'; Class = 'azure', "it's blue", 2, 'bl*', 'it*'; Expected = 2 }
        @{ Classes = 'a wildcard'; Class = '*n*g*'; Expected = 3, 4 }
        @{ Classes = 'numbers'; Class = 0..2; Expected = 0, 1, 2 }
        @{ Classes = 'wildcards, in their order'; Class = 'a*', 'c*'; Expected = 2, 0 }
        @{ Classes = 'a wildcard for nothing'; Class = 'nothing*'; Expected = $null }
    ) {
        ($model | Invoke-ClassMaximization $Class -Steps 2 -WarningAction Ignore -ErrorAction Stop).Filter | Should -Be $Expected
    }

    It 'needs to be told which classes' {
        $parameter = (Get-Command Invoke-ClassMaximization).Parameters['Class']
        $parameter.Attributes.Where{ $_ -is [Parameter] }.Mandatory | Should -BeTrue
    }

    It 'means the model imported last without one, or all that are given' {
        (Invoke-ClassMaximization 0 -Steps 2).ClassName | Should -Be 'red, crimson'
        ($model, $model | Invoke-ClassMaximization 0 -Steps 2).Model | Should -Be model, model
    }

    It 'climbs another layer with -Layer' {
        ($model | Invoke-ClassMaximization 7 -Layer conv1 -Steps 2).Objective | Should -Be conv1:7
    }

    It 'raises the logarithm of the probability with -Probability' {
        $image = $model | Invoke-ClassMaximization red -Probability -Steps 20
        $image.Objective | Should -Be 'log p(classifier:0)'
        $image.ClassName | Should -Be 'red, crimson'
        $image.Activation | Should -BeGreaterThan $image.Activations[0]
        $image.Activation | Should -BeLessOrEqual 0
    }

    It 'shows the class in the table' {
        $model | Invoke-ClassMaximization 1 -Steps 2 -WarningAction Ignore | Out-String | Should -Match 'classifier\s+1\s+green'
    }

    It 'does not make again what is there with -SkipExisting' {
        $model | Invoke-ClassMaximization 0 -Steps 20 -WarningAction Ignore | Export-FilterImage $TestDrive/there
        ($model | Invoke-ClassMaximization 0, 2 -Steps 20 -WarningAction Ignore -SkipExisting $TestDrive/there).Filter | Should -Be 2
    }

    It 'calls files after the class' {
        $model | Invoke-ClassMaximization red -Steps 12 | Export-FilterImage $TestDrive/out
        $model | Invoke-ClassMaximization 2 -Steps 12 | Export-FilterImage "$TestDrive/out/{Class} of {ClassName}.png"
        (Get-ChildItem $TestDrive/out).Name | Should -Be 'classifier_0000_red.png', "it's blue of it's blue, azure.png"
    }

    It 'stops behind Select-Object -First' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $image = $model | Invoke-ClassMaximization * -Count 1000 -Steps 20 | Select-Object -First 1
        $image | Should -HaveCount 1
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }
}

Describe 'Names of classes' {
    It 'can be given where the model has none' {
        $nameless = Import-CnnModel $TestDrive/model.onnx
        ($nameless | Invoke-ClassMaximization azure -ClassName $TestDrive/classes.txt -Steps 2).ClassName | Should -Be "it's blue, azure"
    }

    It 'are taken to be ImageNet''s, with a warning, where there are a thousand classes without names' {
        $images = Import-CnnModel $TestDrive/many.onnx |
            Invoke-ClassMaximization 'tabby*', 2 -Steps 2 -WarningVariable warnings -WarningAction SilentlyContinue
        $images.ClassName | Should -Be 'tabby', 'great white shark'
        @($warnings -like "*names of ImageNet are assumed*") | Should -HaveCount 1
    }

    It 'are ImageNet''s, without a warning, where that is said' {
        $many = Import-CnnModel $TestDrive/many.onnx -ClassName imagenet
        ($many | Invoke-ClassMaximization tench -Steps 2 -WarningVariable warnings -WarningAction SilentlyContinue).ClassName | Should -Be tench
        @($warnings -like '*ImageNet*') | Should -BeNullOrEmpty
        ($many | Get-CnnLayer classifier | Get-CnnFilter 2).ClassName | Should -Be 'great white shark'
    }
}

Describe 'An error of Invoke-ClassMaximization' {
    It 'says what a misspelled class may have meant, and the next class comes' {
        $image = $model | Invoke-ClassMaximization grene, 10, 2 -Steps 2 -ErrorVariable failures -ErrorAction SilentlyContinue
        $image.Filter | Should -Be 2
        $failures | Should -HaveCount 2
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ClassNotFound,*'
        $failures[0].Exception.Message | Should -BeLike "*'green'*"
        $failures[0].TargetObject | Should -Be grene
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[1].FullyQualifiedErrorId | Should -BeLike 'FilterOutOfRange,*'
    }

    It 'is <Id> for <What>, and says what to do' -ForEach @(
        @{ Id = 'ClassNotFound'; What = 'a name where the model has none'; Script = { Import-CnnModel $TestDrive/model.onnx | Invoke-ClassMaximization red } }
        @{ Id = 'LayerNotFound'; What = 'a layer that is not there'; Script = { $model | Invoke-ClassMaximization 0 -Layer nowhere } }
        @{ Id = 'ClassNamesUnreadable'; What = 'a list that is not there'; Script = { $model | Invoke-ClassMaximization 0 -ClassName nowhere.txt } }
        @{ Id = 'ClassNamesMismatch'; What = 'a list of another length'; Script = { $model | Invoke-ClassMaximization 0 -ClassName ImageNet } }
        @{ Id = 'NoModel'; What = 'a session without a model'; Script = {
                Start-Pipeline { Invoke-ClassMaximization 0 } | Receive-Job -Wait -AutoRemoveJob
            }
        }
        @{ Id = 'ModelDisposed'; What = 'a model that was disposed'; Script = {
                $gone = Import-CnnModel $TestDrive/model.onnx
                $gone.Dispose()
                $gone | Invoke-ClassMaximization 0
            }
        }
    ) {
        $failures = @(Get-Failure $Script)
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'Completion of Invoke-ClassMaximization' {
    BeforeAll {
        @('yellow', 'lime', 'pink') + (4..10) | Set-Content $TestDrive/other.txt
        $many = Import-CnnModel $TestDrive/many.onnx
        $nameless = Import-CnnModel $TestDrive/model.onnx
        $model = Import-CnnModel $TestDrive/model.onnx -ClassName $TestDrive/classes.txt
        Push-Location $TestDrive
    }

    AfterAll {
        Pop-Location
    }

    It 'offers <Expected> for <Line>' -ForEach @(
        @{ Line = '$model | Invoke-ClassMaximization cri'; Expected = 'crimson' }
        @{ Line = 'Invoke-ClassMaximization -Class gr'; Expected = 'green' }
        @{ Line = 'Invoke-ClassMaximization zur'; Expected = 'azure' }
        @{ Line = 'Invoke-ClassMaximization -Model $model -Class red, it'; Expected = "'it''s blue'" }
        @{ Line = 'Invoke-ClassMaximization -ClassName other.txt -Class ye'; Expected = 'yellow' }
        @{ Line = 'Invoke-ClassMaximization -ClassName Ima'; Expected = 'ImageNet' }
        @{ Line = 'Import-CnnModel model.onnx -ClassName Ima'; Expected = 'ImageNet' }
        @{ Line = 'Invoke-ClassMaximization 0 -Layer cl'; Expected = 'classifier' }
        @{ Line = 'Invoke-ClassMaximization 0 -Recipe Ro'; Expected = 'Robust' }
        @{ Line = '$many | Invoke-ClassMaximization jack-o'; Expected = "'jack-o''-lantern'" }
        @{ Line = '$many | Invoke-ClassMaximization ''golden r'; Expected = "'golden retriever'" }
    ) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches[0].CompletionText | Should -Be $Expected
    }

    It 'offers no names where there are none' {
        $line = '$nameless | Invoke-ClassMaximization r'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Not -Contain red
    }
}
