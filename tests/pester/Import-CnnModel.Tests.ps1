BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
}

Describe 'Import-CnnModel' {
    It 'imports by path, by wildcard and by file object' {
        (Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit).Name | Should -Be 'model'
        (Import-CnnModel $TestDrive/mod*.onnx -Preprocessing Unit).Format | Should -Be 'ONNX'
        (Get-Item $TestDrive/model.onnx | Import-CnnModel -Preprocessing Unit).Path | Should -Be (Get-Item $TestDrive/model.onnx).FullName
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

    It 'writes one error for <Case> and goes on' -ForEach @(
        @{ Case = 'a missing file'; File = 'nowhere.onnx'; Id = 'PathNotFound' }
        @{ Case = 'an empty file'; File = 'empty.onnx'; Id = 'ModelEmpty' }
        @{ Case = 'text'; File = 'text.onnx'; Id = 'NotAnOnnxModel' }
        @{ Case = 'half a model'; File = 'half.onnx'; Id = 'NotAnOnnxModel' }
        @{ Case = 'a folder'; File = '.'; Id = 'ModelIsFolder' }
    ) {
        Set-Content $TestDrive/empty.onnx '' -NoNewline
        Set-Content $TestDrive/text.onnx 'no model'
        $bytes = [IO.File]::ReadAllBytes("$TestDrive/model.onnx")
        [IO.File]::WriteAllBytes("$TestDrive/half.onnx", $bytes[0..($bytes.Length / 2)])

        $models = "$TestDrive/$File", "$TestDrive/model.onnx" |
            Import-CnnModel -Preprocessing Unit -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures[0].Exception.Message | Should -Not -BeNullOrEmpty
        $models | Should -HaveCount 1
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

    It 'reads what a module saves' {
        Import-TorchSharp
        $net = [TorchSharp.torch+nn]::Sequential()
        $null = $net.append('conv', [TorchSharp.torch+nn]::Conv2d(3, 4, 3)).save("$TestDrive/saved.dat")
        Set-Content $TestDrive/saved.txt 'input size=20', 'conv conv'
        $model = Import-CnnModel $TestDrive/saved.dat -Architecture $TestDrive/saved.txt -Preprocessing Unit
        $model.Format | Should -Be 'TorchSharp'
        (Import-CnnModel -Module $net -InputSize 20 -Preprocessing Unit).Sha256 | Should -Be $model.Sha256
    }

    It 'says what to do with a program of torch.export' {
        $folder = New-Item -ItemType Directory $TestDrive/export/model
        Set-Content $folder/archive_format 'pt2' -NoNewline
        [IO.Compression.ZipFile]::CreateFromDirectory("$TestDrive/export", "$TestDrive/model.pt2")
        Import-CnnModel $TestDrive/model.pt2 -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ModelIsExportedProgram,*'
        $failures[0].ErrorDetails.RecommendedAction | Should -Match 'torch\.jit\.save'
    }

    It 'completes architectures' {
        $line = 'Import-CnnModel weights.pth -Architecture resnet1'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'resnet18'
    }

    It 'says that a file with a network of its own does not use -Architecture' {
        Import-CnnModel $TestDrive/model.onnx -Architecture resnet50 -Preprocessing Unit -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*-Architecture was not used*'
    }
}
