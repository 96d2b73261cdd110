BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Symmetric
}

Describe 'Export-CnnModel' {
    It 'writes a model that is read back with the same layers and preprocessing' {
        $file = $model | Export-CnnModel TestDrive:/copy.onnx -PassThru
        $copy = Import-CnnModel $file.FullName
        ($copy | Get-CnnLayer).Name | Should -Be ($model | Get-CnnLayer).Name
        "$($copy.Preprocessing)" | Should -Be "$($model.Preprocessing)"
    }

    It 'writes nothing with -WhatIf' {
        $model | Export-CnnModel TestDrive:/whatif.onnx -WhatIf
        "$TestDrive/whatif.onnx" | Should -Not -Exist
    }
}
