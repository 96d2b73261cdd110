BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $model = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit
    $layer = $model | Get-CnnLayer conv2
}

Describe 'Invoke-FilterMaximization' {
    It 'raises the activation' {
        $image = $layer | Invoke-FilterMaximization 0
        $image.Activations[-1] | Should -BeGreaterThan $image.Activations[0]
        $image.Status | Should -Be StepLimit
    }

    It 'takes layers and filters from the pipeline' {
        ($layer | Invoke-FilterMaximization -Filter 1, 0 -Steps 2).Filter | Should -Be 1, 0
        ($layer | Get-CnnFilter 1, 0 | Invoke-FilterMaximization -Steps 2).Filter | Should -Be 1, 0
    }

    It 'stops behind Select-Object -First' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $image = $layer | Invoke-FilterMaximization -Filter (, 0 * 10000) -Steps 20 -BatchSize 1 | Select-Object -First 1
        $image | Should -HaveCount 1
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'runs in several runspaces at once' {
        $manifest = "$PSScriptRoot/../../CnnViz.psd1"
        $filters = 0..2 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:manifest
            ($using:layer | Invoke-FilterMaximization $_ -Steps 5).Filter
        }
        $filters | Sort-Object | Should -Be 0, 1, 2
    }

    It 'runs in a job and comes back as plain data' {
        $job = Start-Job {
            Import-Module $using:PSScriptRoot/../../CnnViz.psd1
            Import-CnnModel $using:TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1 | Invoke-FilterMaximization 0 -Steps 3
        }
        $image = $job | Receive-Job -Wait -AutoRemoveJob
        $image.Layer | Should -Be 'conv1'
        $image.Activations | Should -HaveCount 3
        $image.psobject.Properties.Name | Should -Not -Contain 'Tensor'
    }

    It 'gives natural pictures with the recipe Natural' {
        $image = $layer | Invoke-FilterMaximization 0 -Recipe Natural -Steps 4 -Crop 0.5, 0.4
        $image.Recipe.Name | Should -Be 'Natural'
        $image.Recipe.Image.Parameter | Should -Be 'Phase'
        $image.Height | Should -Be ($model.InputShape.Height * 2)
        $image.Transparency.shape | Should -Be $image.Height, $image.Width
    }

    It 'says what a layer needs that cannot take the size' {
        { $model | Get-CnnLayer conv1 | Invoke-FilterMaximization 99 -ErrorAction Stop } | Should -Throw '*has no filter 99*'
    }
}
