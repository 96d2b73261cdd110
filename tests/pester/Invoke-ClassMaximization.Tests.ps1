BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    'plane', 'car, automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck' | Set-Content $TestDrive/classes.txt
    $model = Import-CnnModel $TestDrive/model.onnx -ClassName $TestDrive/classes.txt
}

Describe 'Invoke-ClassMaximization' {
    It 'raises the class' {
        $image = $model | Invoke-ClassMaximization cat
        $image.Activations[-1] | Should -BeGreaterThan $image.Activations[0]
        $image.ClassName | Should -Be cat
        $image.Filter | Should -Be 3
    }

    It 'takes names, synonyms, wildcards and numbers, each class once' {
        ($model | Invoke-ClassMaximization automobile, 'd*', 4, (9) -Steps 2).Filter | Should -Be 1, 4, 5, 9
    }

    It 'needs to be told which classes' {
        $parameter = (Get-Command Invoke-ClassMaximization).Parameters['Class']
        $parameter.Attributes.Where{ $_ -is [Parameter] }.Mandatory | Should -BeTrue
    }

    It 'shows the class in the table' {
        $model | Invoke-ClassMaximization 1 -Steps 2 | Out-String | Should -Match '1 \(car\)'
    }

    It 'says what a misspelled class may have meant' {
        { $model | Invoke-ClassMaximization frock -ErrorAction Stop } | Should -Throw "*'frog'*"
    }

    It 'completes class names' {
        $line = '$model | Invoke-ClassMaximization auto'
        (TabExpansion2 $line $line.Length).CompletionMatches[0].CompletionText | Should -Be automobile
    }

    It 'stops behind Select-Object -First' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $image = $model | Invoke-ClassMaximization * -Count 1000 -Steps 20 | Select-Object -First 1
        $image | Should -HaveCount 1
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }
}
