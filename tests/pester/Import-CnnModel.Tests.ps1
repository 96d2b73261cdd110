BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
}

Describe 'Import-CnnModel' {
    It 'says what the model is' {
        $model = Import-CnnModel $TestDrive/model.onnx -WarningVariable warnings
        $model.Name | Should -Be model
        $model.Format | Should -Be ONNX
        "$($model.InputShape)" | Should -Be '3×32×32'
        $model.Device | Should -Be cpu
        $model.Path | Should -Be (Get-Item $TestDrive/model.onnx).FullName
        $warnings | Should -BeNullOrEmpty
    }

    It 'imports by path, by wildcard and by file object' {
        Copy-Item $TestDrive/model.onnx $TestDrive/module.onnx
        (Import-CnnModel $TestDrive/model.onnx).Name | Should -Be model
        (Import-CnnModel $TestDrive/mod*.onnx).Name | Should -Be model, module
        (Get-Item $TestDrive/model.onnx | Import-CnnModel).Name | Should -Be model
    }

    It 'takes a PSDrive' {
        (Import-CnnModel TestDrive:/model.onnx -Preprocessing Unit).Name | Should -Be 'model'
    }

    It 'takes brackets literally with -LiteralPath' {
        Copy-Item $TestDrive/model.onnx "$TestDrive/a[1].onnx"
        (Import-CnnModel -LiteralPath "$TestDrive/a[1].onnx" -Preprocessing Unit).Name | Should -Be 'a[1]'
    }

    It 'gives the hash that Get-FileHash gives' {
        (Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit).Sha256 |
            Should -Be (Get-FileHash $TestDrive/model.onnx -Algorithm SHA256).Hash.ToLowerInvariant()
    }

    It 'imports the built-in model by its name' {
        $model = Import-CnnModel patterns -WarningVariable warnings
        $model.Path | Should -Be (Get-Item $PSScriptRoot/../../module/models/patterns.onnx).FullName
        ($model | Get-CnnLayer colour | Get-CnnFilter 5).ClassName | Should -Be blue
        $warnings | Should -BeNullOrEmpty
    }

    It 'prefers a file to the <Kind> model of the same name' -ForEach @{ Kind = 'built-in'; Name = 'patterns' }, @{ Kind = 'published'; Name = 'resnet50' } {
        Copy-Item $TestDrive/model.onnx $TestDrive/$Name
        Push-Location $TestDrive
        "$((Import-CnnModel $Name).InputShape)" | Should -Be '3×32×32'
        Pop-Location
    }

    It 'takes numbers of ones own instead of those of the named preprocessing' {
        $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Caffe -Mean 1, 2, 3 -Std 2 -ChannelOrder Rgb
        "$($model.Preprocessing)" | Should -Be 'Custom (RGB, 0…255, minus 1, 2, 3, divided by 2)'
    }

    It 'leaves out the ids of WordNet in front of names of classes' {
        New-TinyModel -Path $TestDrive/three.onnx -Classes 3
        Set-Content $TestDrive/names.txt 'n01440764 tench, Tinca tinca', goldfish, shark
        (Import-CnnModel $TestDrive/three.onnx -ClassName $TestDrive/names.txt).ClassNames | Should -Be 'tench, Tinca tinca', goldfish, shark
    }

    It 'writes one error for <Case> and goes on' -ForEach @(
        @{ Case = 'a missing file'; File = 'nowhere.onnx'; Id = 'PathNotFound'; Category = 'ObjectNotFound' }
        @{ Case = 'an empty file'; File = 'empty.onnx'; Id = 'ModelEmpty'; Category = 'InvalidData' }
        @{ Case = 'text'; File = 'text.onnx'; Id = 'NotAModel'; Category = 'InvalidData' }
        @{ Case = 'half a model'; File = 'half.onnx'; Id = 'NotAnOnnxModel'; Category = 'InvalidData' }
        @{ Case = 'a folder'; File = 'folder'; Id = 'ModelIsFolder'; Category = 'InvalidData' }
    ) {
        $null = New-Item -ItemType Directory -Force $TestDrive/folder
        Set-Content $TestDrive/empty.onnx '' -NoNewline
        Set-Content $TestDrive/text.onnx 'no model'
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/model.onnx")
        [IO.File]::WriteAllBytes("$TestDrive/half.onnx", $bytes[0..($bytes.Length / 2)])

        $models = "$TestDrive/$File", "$TestDrive/model.onnx" | Import-CnnModel -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures[0].CategoryInfo.Category | Should -Be $Category
        $failures[0].TargetObject | Should -Be "$TestDrive/$File"
        $failures[0].Exception.Message | Should -Match '^.+$'
        $models | Should -HaveCount 1
    }

    It 'writes one error for <Options>' -ForEach @(
        @{ Options = @{ LiteralPath = 'nowhere.onnx' }; Id = 'ModelNotFound'; Category = 'ObjectNotFound' }
        @{ Options = @{ Path = 'variable:PWD' }; Id = 'NotFileSystem'; Category = 'InvalidArgument' }
        @{ Options = @{ Mean = 1, 2 }; Id = 'PreprocessingMismatch'; Category = 'InvalidArgument' }
        @{ Options = @{ Std = 0 }; Id = 'PreprocessingMismatch'; Category = 'InvalidArgument' }
        @{ Options = @{ Scale = 0 }; Id = 'PreprocessingMismatch'; Category = 'InvalidArgument' }
        @{ Options = @{ Device = 'cuda' }; Id = 'DeviceNotAvailable'; Category = 'ResourceUnavailable' }
        @{ Options = @{ Device = 'abacus' }; Id = 'DeviceNotAvailable'; Category = 'ResourceUnavailable' }
        @{ Options = @{ ClassName = 'nowhere.txt' }; Id = 'ClassNamesUnreadable'; Category = 'InvalidArgument' }
        @{ Options = @{ ClassName = 'TestDrive:/four.txt' }; Id = 'ClassNamesMismatch'; Category = 'InvalidArgument' }
    ) {
        Set-Content $TestDrive/four.txt a, b, c, d
        $file = $Options.Keys -match 'Path' ? @{} : @{ Path = "$TestDrive/model.onnx" }
        $failures = @(Get-Failure { Import-CnnModel @file @Options | Should -BeNullOrEmpty })
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures[0].CategoryInfo.Category | Should -Be $Category
        $failures[0].TargetObject | Should -Not -BeNullOrEmpty
        $failures[0].Exception.Message | Should -Match '^.+$'
    }

    It 'crosses to a job as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit
        }
        $model = $job | Receive-Job -Wait -AutoRemoveJob
        $model.Name | Should -Be 'model'
        $model.pstypenames | Should -Contain 'Deserialized.CnnViz.Networks.CnnModel'
        $model.psobject.Properties.Name | Should -Not -Contain 'Layers'
    }

    It 'looks into a TorchSharp module of the session' {
        Import-TorchSharp
        $net = [TorchSharp.torch+nn]::Sequential()
        $null = $net.append('conv', [TorchSharp.torch+nn]::Conv2d(3, 4, 3)).append('relu', [TorchSharp.torch+nn]::ReLU())
        $model = Import-CnnModel -Module $net -InputSize 20 -Preprocessing Unit
        ($model | Get-CnnLayer).Name | Should -Be 'conv', 'relu'
        $picture = $model | Get-CnnLayer conv | Invoke-FilterMaximization -Filter 2 -Size 20 -Recipe Classic -Steps 4
        $picture.Model | Should -Be 'Sequential'
        $model.Dispose()
        $net.training | Should -BeTrue
    }

    It 'writes one error for a module that <Case>' -ForEach @(
        @{ Case = 'is none'; Make = { 'text' }; Id = 'NotAModule' }
        @{ Case = 'takes several tensors'; Make = { [TorchSharp.torch+nn]::Bilinear(2, 2, 2) }; Id = 'ModuleNotImageToTensor' }
        @{ Case = 'fails on the size'; Make = { [TorchSharp.torch+nn]::Conv2d(3, 4, 40) }; Id = 'ModuleCannotRun' }
    ) {
        Import-TorchSharp
        Import-CnnModel -Module (& $Make) -InputSize 20 -Preprocessing Unit -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'says what to do with a program of torch.export' {
        $folder = New-Item -ItemType Directory $TestDrive/export/model
        Set-Content $folder/archive_format 'pt2' -NoNewline
        [IO.Compression.ZipFile]::CreateFromDirectory("$TestDrive/export", "$TestDrive/model.pt2")
        Import-CnnModel $TestDrive/model.pt2 -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ModelIsExportedProgram,*'
        $failures[0].ErrorDetails.RecommendedAction | Should -Match 'torch\.jit\.save'
    }

    It 'says that a file with a network of its own does not use -Architecture' {
        Import-CnnModel $TestDrive/model.onnx -Architecture resnet50 -Preprocessing Unit -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*-Architecture was not used*'
    }
}

Describe 'Import-CnnModel of weights without a network' {
    BeforeAll {
        Import-TorchSharp
        $nn = [TorchSharp.torch+nn]
        $net = $nn::Sequential()
        $null = $net.append('conv', $nn::Conv2d(3, 4, 3)).save("$TestDrive/saved.dat")

        # A convolution of 3x3 without a bias, and the normalization behind it.
        function Add-Convolution($To, [string]$Number, [long]$From, [long]$Filters) {
            $null = $To.append("conv$Number", $nn::Conv2d($From, $Filters, 3, 1, 1, 1, 'Zeros', 1, $false)).append("bn$Number", $nn::BatchNorm2d($Filters))
        }

        function Save-ResNet20([string]$Path) {
            $resNet = $nn::Sequential()
            Add-Convolution $resNet 1 3 16
            $from = 16
            foreach ($stage in 1..3) {
                $layer = $nn::Sequential()
                foreach ($block in 0..2) {
                    $filters = 8 * [Math]::Pow(2, $stage)
                    $parts = $nn::Sequential()
                    Add-Convolution $parts 1 $from $filters
                    Add-Convolution $parts 2 $filters $filters
                    $null = $layer.append("$block", $parts)
                    $from = $filters
                }

                $null = $resNet.append("layer$stage", $layer)
            }

            $null = $resNet.append('linear', $nn::Linear(64, 10)).save($Path)
        }
    }

    It 'reads what a module saves' {
        Set-Content $TestDrive/saved.txt 'input size=20 preprocessing=Unit', 'conv conv'
        $model = Import-CnnModel $TestDrive/saved.dat -Architecture $TestDrive/saved.txt -WarningVariable warnings
        $model.Format | Should -Be TorchSharp
        ($model | Get-CnnLayer conv).Filters | Should -Be 4
        $warnings | Should -BeNullOrEmpty
        (Import-CnnModel -Module $net -InputSize 20 -Preprocessing Unit).Sha256 | Should -Be $model.Sha256
    }

    It 'warns of a preprocessing that is a guess' {
        Set-Content $TestDrive/guess.txt 'input size=20', 'conv conv'
        $model = Import-CnnModel $TestDrive/saved.dat -Architecture $TestDrive/guess.txt -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*a guess: Unit (RGB, 0…1). *give -Preprocessing*'
        $model.Preprocessing.ToString(1) | Should -Be 'Unit (0…1)'
    }

    It 'warns of a range that batch normalizations contradict' {
        $null = Import-CnnModel patterns -Preprocessing None -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*another range than None (RGB, 0…255)*Measure-CnnPreprocessing*'
        $null = Import-CnnModel patterns -Preprocessing Symmetric -WarningVariable warnings
        $null = Import-CnnModel patterns -WarningVariable +warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'says which network the weights were taken for, and where the preprocessing is from' {
        Save-ResNet20 $TestDrive/resnet.dat
        $said = Import-CnnModel $TestDrive/resnet.dat -Verbose -WarningVariable warnings -WarningAction SilentlyContinue 4>&1
        $said[-1].Architecture | Should -Be resnet20
        "$($said[-1].InputShape)" | Should -Be '3×32×32'
        @($said -like '*are those of resnet20, by their keys and shapes.') | Should -HaveCount 1
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*is that of the published weights of resnet20: ImageNet*'
    }

    It 'writes one error for -Architecture <Name>' -ForEach @(
        @{ Name = 'resnet18'; Id = 'ArchitectureMismatch' }
        @{ Name = 'resnet2000'; Id = 'ArchitectureUnknown' }
    ) {
        Get-FailureId { Import-CnnModel $TestDrive/saved.dat -Architecture $Name } | Should -Be $Id
    }
}

Describe 'Import-CnnModel of published models' {
    BeforeDiscovery {
        $digits = "$($env:CNNVIZ_TEST_DATA ?? "$PSScriptRoot/../../../shared")/models/mnist_cntk.onnx"
    }

    BeforeAll {
        . $PSScriptRoot/FileServer.ps1
        $cache = $env:CNNVIZ_CACHE
        $env:CNNVIZ_CACHE = "$TestDrive/cache"
        $server = Start-FileServer ([IO.File]::ReadAllBytes("$TestDrive/model.onnx")) ours-1.onnx
        $hash = (Get-FileHash $TestDrive/model.onnx).Hash
    }

    AfterAll {
        Stop-FileServer $server
        $env:CNNVIZ_CACHE = $cache
    }

    It 'downloads nothing without being asked, for <Import>' -ForEach @(
        @{ Import = { Import-CnnModel resnet50 } }
        @{ Import = { 'resnet50' | Import-CnnModel } }
        @{ Import = { Find-CnnModel resnet50 | Import-CnnModel } }
    ) {
        $failures = @(Get-Failure $Import)
        $failures | Should -HaveCount 1
        $failures[0] | Should -BeLike '*resnet50*'
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ModelNotCached,*'
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[0].ErrorDetails.RecommendedAction | Should -Match '-Download.*Save-CnnModel'
    }

    It 'downloads once what is not there with -Download, with the publishers preprocessing' {
        $ours = [CnnViz.Catalogue.PublishedModel]@{
            Name = 'ours'; Uri = $server.Address; Sha256 = $hash; Preprocessing = [CnnViz.Networks.Preprocessing]::Symmetric
        }
        $models = & { $ours | Import-CnnModel -Download; $ours | Import-CnnModel -Download; $ours | Import-CnnModel } 3>&1
        $models.Name | Should -Be ours, ours, ours
        $models[0].Path | Should -Be (Join-Path $TestDrive cache ours-1.onnx)
        $models | ForEach-Object { "$($_.Preprocessing)" } | Should -Be (@('Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)') * 3)
        $server.Requests | Should -HaveCount 1
    }

    It 'writes the error of a download that fails' {
        $other = [CnnViz.Catalogue.PublishedModel]@{ Name = 'other'; Uri = $server.Address -replace 'ours', 'other'; Sha256 = '00000000' }
        Get-FailureId { $other | Import-CnnModel -Download } | Should -Be DownloadHashMismatch
    }

    It 'does not import a file of the cache that is not the published model' {
        $null = New-Item -Force $TestDrive/cache/mnist-12.onnx -Value damaged
        $failures = @(Get-Failure { Import-CnnModel mnist-12 })
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ModelNotAsPublished,*'
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Force*'
    }

    It 'knows of <File> what its publisher says' -Skip:(-not (Test-Path $digits)) -ForEach @(
        @{ File = 'cache/mnist-8.onnx'; Import = { Import-CnnModel mnist-8 }; Name = 'mnist-8'; Source = $digits }
        @{ File = 'digits.onnx'; Import = { Import-CnnModel $TestDrive/digits.onnx }; Name = 'digits'; Source = $digits }
    ) {
        $null = New-Item -ItemType Directory -Force $TestDrive/cache
        Copy-Item $Source $TestDrive/$File
        $model = & $Import 3>&1
        $model.Name | Should -Be $Name
        "$($model.Preprocessing)" | Should -Be 'Unit (RGB, 0…1)'
        $model.Preprocessing.Source | Should -Be Catalogue
        $model.ClassNames[9] | Should -Be 9
    }
}
