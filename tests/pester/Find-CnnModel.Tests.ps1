BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
}

Describe 'Find-CnnModel' {
    It 'shows five columns' {
        $text = Find-CnnModel resnet50 | Out-String -Width 120
        $text | Should -Match 'Name\s+Format\s+SizeMB\s+Accuracy\s+Cached'
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
