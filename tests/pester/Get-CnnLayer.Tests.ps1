BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
}

Describe 'Get-CnnLayer' {
    It 'lists the layers in execution order' {
        $layers = $model | Get-CnnLayer
        $layers.Index | Should -Be (0..($layers.Count - 1))
        $layers[0].Name | Should -Be 'conv1'
        $layers[-1].Name | Should -Be 'classifier'
    }

    It 'chooses by name and by kind' {
        ($model | Get-CnnLayer conv? -Kind Conv2d).Name | Should -Be 'conv1', 'conv2'
        ($model | Get-CnnLayer -Kind Linear).Name | Should -Be 'classifier'
    }

    It 'means the model imported last without one' {
        (Get-CnnLayer conv1).Model | Should -Be $model
    }

    It 'offers the nearest names for one that matches nothing' {
        { $model | Get-CnnLayer conv9 -ErrorAction Stop } | Should -Throw "*no layer 'conv9'*'conv1'*"
    }

    It 'shows at most five columns' {
        $text = ($model | Get-CnnLayer conv1 | Out-String) -replace '\x1b\[[0-9;]*m'
        ($text.Trim() -split "`n")[0].Trim() -split '\s+' | Should -Be 'Name', 'Kind', 'Filters', 'OutputShape', 'ReceptiveField'
    }

    It 'completes names of the model in the variable that is piped' {
        $completions = (TabExpansion2 '$model | Get-CnnLayer cla').CompletionMatches
        $completions[0].CompletionText | Should -Be 'classifier'
    }
}
