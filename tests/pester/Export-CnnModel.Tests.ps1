BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Symmetric
}

Describe 'Export-CnnModel' {
    It 'writes a model that is read back with the same layers and preprocessing' {
        $file = $model | Export-CnnModel TestDrive:/out/copy.onnx -PassThru
        $file | Should -BeOfType IO.FileInfo
        $copy = Import-CnnModel $file.FullName -WarningVariable warnings
        ($copy | Get-CnnLayer).Name | Should -Be ($model | Get-CnnLayer).Name
        "$($copy.Preprocessing)" | Should -Be "$($model.Preprocessing)"
        $copy.Preprocessing.Source | Should -Be Metadata
        $warnings | Should -BeNullOrEmpty
    }

    It 'keeps a file that is there unless it is forced' {
        Set-Content $TestDrive/kept.onnx mine
        Get-FailureId { $model | Export-CnnModel $TestDrive/kept.onnx } | Should -Be FileExists
        Get-Content $TestDrive/kept.onnx | Should -Be mine
        $model | Export-CnnModel $TestDrive/kept.onnx -Force
        (Get-Item $TestDrive/kept.onnx).Length | Should -BeGreaterThan 1000
    }

    It 'writes nothing with -WhatIf' {
        $model | Export-CnnModel TestDrive:/whatif.onnx -WhatIf
        "$TestDrive/whatif.onnx" | Should -Not -Exist
    }

    It 'names files in a folder after their models' {
        New-TinyModel -Path $TestDrive/other.onnx -Rectifier other
        $other = Import-CnnModel $TestDrive/other.onnx
        $files = $model, $other, $model | Export-CnnModel $TestDrive/models -PassThru -Force
        $files.Name | Should -Be model.onnx, other.onnx, model_2.onnx
        ($model, $other | Export-CnnModel $TestDrive/one.onnx -PassThru).Name | Should -Be one.onnx, one_other.onnx
    }

    It 'refuses an extension that is none of a model' {
        Get-FailureId { $model | Export-CnnModel $TestDrive/model.h5 } | Should -Be UnknownFormat
        "$TestDrive/model.h5" | Should -Not -Exist
    }

    It 'refuses a path outside of the file system' {
        Get-FailureId { $model | Export-CnnModel variable:x } | Should -Be NotFileSystem
    }

    It 'refuses a model that was disposed' {
        $gone = Import-CnnModel $TestDrive/model.onnx
        $gone.Dispose()
        Get-FailureId { $gone | Export-CnnModel $TestDrive/gone.onnx } | Should -Be ModelDisposed
        "$TestDrive/gone.onnx" | Should -Not -Exist
    }
}
