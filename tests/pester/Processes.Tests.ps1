# Pictures in PowerShell's own engines: jobs, threads, parallel runspaces, and other processes. They cross as data, and are pictures where they arrive.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    $manifest = (Resolve-Path $PSScriptRoot/../../CnnViz.psd1).Path
    New-TinyModel -Path $TestDrive/model.onnx -WithFaults
    $model = Import-CnnModel $TestDrive/model.onnx
    $here = $model | Get-CnnLayer conv1, dead | Invoke-FilterMaximization 0 -Steps 5 -Size 24 -Recipe Natural -WarningAction SilentlyContinue
    $here | Export-FilterImage $TestDrive/here -WarningAction SilentlyContinue
    $make = {
        param($manifest, $model)
        Import-Module $manifest
        Import-CnnModel $model | Get-CnnLayer conv1, dead | Invoke-FilterMaximization 0 -Steps 5 -Size 24 -Recipe Natural -WarningAction SilentlyContinue
    }
}

Describe 'A picture out of <Name>' -ForEach @(
    @{ Name = 'Start-Job'; Engine = { Start-Job $make -ArgumentList $manifest, "$TestDrive/model.onnx" | Receive-Job -Wait -AutoRemoveJob } }
    @{ Name = 'Start-ThreadJob'; Engine = { Start-ThreadJob $make -ArgumentList $manifest, "$TestDrive/model.onnx" | Receive-Job -Wait -AutoRemoveJob } }
    @{ Name = 'ForEach-Object -Parallel'; Engine = {
            $text = "$make"
            1 | ForEach-Object -Parallel { & ([scriptblock]::Create($using:text)) $using:manifest "$using:TestDrive/model.onnx" }
        } }
    @{ Name = 'Invoke-Command to another process'; Engine = {
            $process = Start-Process pwsh -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', 'Start-Sleep 120'
            try {
                $connection = [Management.Automation.Runspaces.NamedPipeConnectionInfo]::new((Wait-PowerShell $process), '', 30000)

                # As New-PSSession does it.
                $types = [psobject].Assembly.GetType('System.Management.Automation.Utils').GetMethod('GetTypeTableFromExecutionContextTLS', [Reflection.BindingFlags]'Static, NonPublic')
                $runspace = [runspacefactory]::CreateRunspace($connection, $Host, $types.Invoke($null, @()))
                $runspace.Open()
                $session = [Management.Automation.Runspaces.PSSession]::Create($runspace, 'WinRM', $null)
                Invoke-Command $session $make -ArgumentList $manifest, "$TestDrive/model.onnx"
            }
            finally {
                $process.Kill($true)
            }
        } }
    @{ Name = 'a file of Export-Clixml'; Engine = {
            $here | Export-Clixml $TestDrive/pictures.xml
            Import-Clixml $TestDrive/pictures.xml
        } }
) {
    BeforeAll {
        # What listens is pwsh itself; the tool that started it may be another process.
        function Wait-PowerShell([Diagnostics.Process] $Started) {
            $end = [datetime]::UtcNow.AddSeconds(60)
            do {
                Start-Sleep -Milliseconds 200
                $id = @($Started.Id) + @(Get-Process | Where-Object { $_.Parent.Id -eq $Started.Id } | ForEach-Object Id) |
                    Where-Object { Get-ChildItem "$([IO.Path]::GetTempPath())CoreFxPipe_PSHost.*.$_.*" -ErrorAction Ignore } | Select-Object -First 1
            } until ($id -or [datetime]::UtcNow -gt $end)
            $id
        }

        $there = @(& $Engine)
    }

    It 'has its pixels and all facts' {
        $there.Count | Should -Be 2
        foreach ($i in 0, 1) {
            $there[$i] | Should -BeOfType ([CnnViz.Ascent.FilterImage])
            $there[$i].Tensor.shape | Should -Be $here[$i].Tensor.shape
            foreach ($property in 'Model', 'ModelSha256', 'Layer', 'Filter', 'Objective', 'Status', 'Rescue', 'Seed', 'Preprocessing', 'Border', 'Activation', 'HasSignal', 'Size') {
                $there[$i].$property | Should -Be $here[$i].$property -Because $property
            }

            "$($there[$i].Activations)" | Should -Be "$($here[$i].Activations)"
            $there[$i].Elapsed | Should -BeGreaterThan ([timespan]::Zero)
        }
    }

    It 'becomes the same file, to the byte, in every format' {
        $there | Export-FilterImage "$TestDrive/$Name/" -WarningAction SilentlyContinue
        (Get-FileHash $TestDrive/$Name/conv1_0000.png).Hash | Should -Be (Get-FileHash $TestDrive/here/conv1_0000.png).Hash
        $here[0] | Export-FilterImage $TestDrive/$Name/here.jpg
        $there[0] | Export-FilterImage $TestDrive/$Name/there.jpg
        (Get-FileHash $TestDrive/$Name/there.jpg).Hash | Should -Be (Get-FileHash $TestDrive/$Name/here.jpg).Hash
    }

    It 'goes into sheets, plots and measurements' {
        $there | Export-FilterSheet $TestDrive/$Name/sheet.png
        $there[0] | Export-FilterPlot $TestDrive/$Name/plot.svg
        ($there[0] | Measure-FilterImage -Model $model).Activation | Should -BeGreaterThan 0
    }
}

Describe 'A picture that is only data' {
    It 'is data where the module is not loaded, with the bytes of its file' {
        $here[0] | Export-Clixml $TestDrive/alone.xml
        $said = pwsh -NoProfile -Command "`$image = Import-Clixml '$TestDrive/alone.xml'; `$image.pstypenames[0]; `$image.Layer; [IO.File]::WriteAllBytes('$TestDrive/alone.png', `$image.File)"
        $said | Should -Be 'Deserialized.CnnViz.Ascent.FilterImage', 'conv1'
        (Import-FilterImage $TestDrive/alone.png).Activation | Should -Be $here[0].Activation
    }

    It 'stays data where its file is damaged' {
        $text = [Management.Automation.PSSerializer]::Serialize($here[0])
        $damaged = [Management.Automation.PSSerializer]::Deserialize($text.Replace('<BA N="File">iVBORw0K', '<BA N="File">AAAAAAAA'))
        $damaged.pstypenames[0] | Should -Be Deserialized.CnnViz.Ascent.FilterImage
        { $damaged | Export-FilterImage $TestDrive/damaged.png -ErrorAction Stop } | Should -Throw
    }
}
