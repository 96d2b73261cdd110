# One model in several runspaces at once: the pictures and figures of one after the other, to the byte; and a model that is removed while it is in use.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    $manifest = (Resolve-Path $PSScriptRoot/../../CnnViz.psd1).Path
    $model = Import-CnnModel patterns
    $layers = $model | Get-CnnLayer relu2, relu4
    $layers[0] | Invoke-FilterMaximization 0 -Steps 4 -Size 48 | Export-FilterImage $TestDrive/photo.png

    function Get-Content64($Image) {
        $file = "$TestDrive/$([guid]::NewGuid()).png"
        $Image | Export-FilterImage $file -ErrorAction Stop
        (Test-Path $file) ? (Get-FileHash $file).Hash : 'none'
    }
}

Describe 'One model in several runspaces' {
    It 'gives the pictures of one after the other' {
        $work = foreach ($recipe in 'Robust', 'Natural') { foreach ($layer in $layers) { foreach ($filter in 0, 1) { , ($layer, $filter, $recipe) } } }
        $alone = foreach ($item in $work) {
            Get-Content64 ($item[0] | Invoke-FilterMaximization $item[1] -Recipe $item[2] -Steps 6 -Size 32 -WarningAction Ignore)
        }
        $together = 0..($work.Count - 1) | ForEach-Object -ThrottleLimit 6 -Parallel {
            Import-Module $using:manifest
            $item = ($using:work)[$_]
            [pscustomobject]@{ Number = $_; Image = $item[0] | Invoke-FilterMaximization $item[1] -Recipe $item[2] -Steps 6 -Size 32 -WarningAction Ignore }
        }

        @($together).Count | Should -Be $work.Count
        $alone.Where{ $_ -ne 'none' }.Count | Should -BeGreaterThan 3
        $together | Sort-Object Number | ForEach-Object { Get-Content64 $_.Image } | Should -Be $alone
    }

    It 'gives the dreams, figures and answers of one after the other' {
        $photo = "$TestDrive/photo.png"
        $script = {
            $dream = $layer | Invoke-DeepDream $photo -Steps 5 -Octaves 1 -WarningAction Stop
            $dream | Export-FilterImage "$folder/dream.png" -Force
            $answers = $layer | Measure-CnnActivation $photo | ForEach-Object { "$($_.Filter) $($_.Mean) $($_.Max)" }
            $figures = $layer | Measure-CnnFilter $photo | ForEach-Object { "$($_.Filter) $($_.Mean)" }
            (Get-FileHash "$folder/dream.png").Hash, ($answers -join ';'), ($figures -join ';') -join '|'
        }
        $text = "$script"
        ($layer, $folder) = ($layers[1], (New-Item -ItemType Directory "$TestDrive/alone").FullName)
        $alone = & $script
        $together = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            ($layer, $photo, $folder) = (($using:layers)[1], $using:photo, (New-Item -ItemType Directory "$using:TestDrive/together$_").FullName)
            & ([scriptblock]::Create($using:text))
        }
        @($together).Count | Should -Be 4
        $together | Select-Object -Unique | Should -Be $alone
    }

    It 'is one error where it is removed, and what was made is whole' {
        $gone = Import-CnnModel patterns
        $layer = $gone | Get-CnnLayer relu4
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            $using:layer | Invoke-FilterMaximization -Steps 20 -Size 48 -BatchSize 1 2>&1
        }
        $patience = [datetime]::UtcNow.AddSeconds(60)
        while ($job.Output.Count -eq 0 -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 5 }
        $gone.Dispose()
        $results = $job | Receive-Job -Wait -AutoRemoveJob
        $failures = @($results | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ModelDisposed,*'
        "$($failures[0])" | Should -Match "'patterns' has been disposed"
        $images = @($results | Where-Object { $_ -is [CnnViz.Ascent.FilterImage] })
        $images.Count | Should -BeIn (1..31)
        Get-Content64 $images[0] | Should -Be (Get-Content64 ($layers[1] | Invoke-FilterMaximization 0 -Steps 20 -Size 48))
    }
}
