BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $images = $model | Get-CnnLayer conv2 | Invoke-FilterMaximization 0, 1 -Recipe Classic
}

Describe 'Measure-FilterImage' {
    It 'shows filter, rank, activation, retention and spectral distance in a table' {
        $shown = $images | Measure-FilterImage | Out-String
        $shown | Should -Match 'Filter\s+Rank\s+Activation\s+Retention\s+SpectralDistance'
        $shown | Should -Match 'conv2:0\s+\d/8\s'
    }

    It 'shows everything in a list' {
        $shown = $images[0] | Measure-FilterImage | Format-List | Out-String
        foreach ($name in 'RetentionJpeg', 'RobustActivation', 'StandardRank', 'NaturalRatio', 'Agreement') {
            $shown | Should -Match "$name\s+:"
        }
    }

    It 'measures files from Get-ChildItem, also behind a bracket' {
        $images | Export-FilterImage "$TestDrive/out/{Layer}-{Filter}.png"
        Rename-Item -LiteralPath $TestDrive/out/conv2-1.png -NewName 'conv2-[1].png'
        $files = Get-ChildItem $TestDrive/out | Measure-FilterImage
        $files.Filter | Sort-Object | Should -Be 0, 1
        ($files | Sort-Object Filter).Activation | Should -Be ($images | Measure-FilterImage).Activation
    }

    It 'takes a PSDrive' {
        $images[0] | Export-FilterImage $TestDrive/one.png -Force
        (Measure-FilterImage TestDrive:/one.png).Filter | Should -Be 0
        ($images[0] | Measure-FilterImage -NaturalImage TestDrive:/one.png).NaturalRatio | Should -Be 1
    }

    It 'leaves the pipeline picture by picture' {
        $images | Measure-FilterImage | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'crosses a process as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv2 |
                Invoke-FilterMaximization 0 -Recipe Classic | Measure-FilterImage
        }
        $quality = $job | Receive-Job -Wait -AutoRemoveJob
        $quality.Activation | Should -Be ($images[0] | Measure-FilterImage).Activation
        $quality.Layer | Should -Be 'conv2'
    }
}
