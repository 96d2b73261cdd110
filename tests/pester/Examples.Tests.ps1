# The examples that need a real PowerShell, as a user runs them: in processes of their own, without a terminal.
# The others run in CnnViz.Shell (ExampleTests).

BeforeAll {
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $examples = (Resolve-Path $PSScriptRoot/../../examples).Path

    function Invoke-Example([string] $Name) {
        $output = & pwsh -NoProfile -NonInteractive -File $examples/$Name.ps1 @args 2>&1
        [pscustomobject]@{ Code = $LASTEXITCODE; Output = @($output | ForEach-Object { "$_" }) }
    }

    # Passed and failed, as text.
    function Test-Model([hashtable] $Data) {
        $pairs = $Data.GetEnumerator() | ForEach-Object { "$($_.Key) = '$($_.Value)'" }
        $script = "`$container = New-PesterContainer -Path '$examples/model.Tests.ps1' -Data @{ $($pairs -join '; ') }; " +
            '$run = Invoke-Pester -Container $container -PassThru -Output None; "$($run.PassedCount) $($run.FailedCount)"'
        @(& pwsh -NoProfile -NonInteractive -Command $script)[-1]
    }
}

Describe 'nightly-job' {
    It 'stops when it has made enough, and says that there is more to do' {
        $night = Invoke-Example nightly-job -Model $TestDrive/model.onnx -First 3 -Steps 2 -Destination $TestDrive/night
        $night.Code | Should -Be 2 -Because ($night.Output -join "`n")
        @(Import-Csv $TestDrive/night/results.csv).Filter | Should -Be 0, 1, 2
        "$TestDrive/night/conv1/0002.png" | Should -Exist
    }

    It 'goes on where it stopped, and says when all is done' {
        $night = Invoke-Example nightly-job -Model $TestDrive/model.onnx -Steps 2 -Destination $TestDrive/night
        $night.Code | Should -Be 0 -Because ($night.Output -join "`n")
        $night.Output[0] | Should -Be '3 done, 13 to do'
        @(Import-Csv $TestDrive/night/results.csv).Count | Should -Be 16
        "$TestDrive/night/conv2/0007.png" | Should -Exist
    }

    It 'says by its exit code when it cannot work' {
        (Invoke-Example nightly-job -Model $TestDrive/nowhere.onnx -Destination $TestDrive/nowhere).Code | Should -Be 1
    }
}

Describe 'model.Tests' {
    It 'passes for the built-in model' {
        Test-Model @{ Steps = 16 } | Should -Be '5 0'
    }

    It 'fails where more filters are dead than may be' {
        # Less than none may be: what has no dead filters fails too, and nothing else does.
        Test-Model @{ Model = "$TestDrive/model.onnx"; Layer = 'conv1'; Steps = 4; DeadShare = -0.1 } | Should -Be '2 1'
    }
}
