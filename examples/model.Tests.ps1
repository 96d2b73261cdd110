#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

<#
.SYNOPSIS
    Tests of a model, as a pipeline that trains networks would run them: no dead filters, and classes that know their own pictures.

.EXAMPLE
    Invoke-Pester ./examples/model.Tests.ps1

.EXAMPLE
    Invoke-Pester -Container (New-PesterContainer -Path ./examples/model.Tests.ps1 -Data @{ Model = 'mine.onnx'; Layer = 'conv1', 'conv2' })
#>
[CmdletBinding()]
param(
    [string] $Model = 'patterns',

    [string[]] $Layer = @('conv2', 'conv4'),

    # Enough to tell what can be raised from what cannot.
    [int] $Steps = 16,

    # A few dead filters are common; more mean a learning rate that was too high.
    [double] $DeadShare = 0.05
)

BeforeDiscovery {
    $layers = $Layer | ForEach-Object { @{ Name = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

    $network = Import-CnnModel $Model -WarningAction SilentlyContinue
}

AfterAll {
    $network.Dispose()
}

Describe 'The layer <Name>' -ForEach $layers {
    BeforeAll {
        $chosen = $network | Get-CnnLayer $Name
        $images = @($chosen | Invoke-FilterMaximization -Steps $Steps -WarningAction SilentlyContinue)
    }

    AfterAll {
        $images | ForEach-Object Dispose
    }

    It 'has hardly any dead filters' {
        $dead = @($images | Where-Object { -not $_.HasSignal })
        $dead.Count | Should -BeLessOrEqual ($DeadShare * $chosen.Filters) -Because "of $($chosen.Filters), $($dead.Filter -join ', ') cannot be raised"
    }

    It 'has filters that look for different things' {
        # Filters whose pictures have the same activation and the same colour on average are copies of one another.
        $same = $images | Group-Object {
            $colour = $_.Tensor.mean([long[]] (1, 2)).data[float]().ToArray()
            '{0:0.000} {1}' -f $_.Activation, ($colour.ForEach{ '{0:0.0}' -f $_ } -join ' ')
        }
        @($same | Where-Object Count -GT 2) | Should -BeNullOrEmpty
    }
}

Describe 'The classes' {
    It 'are known again in their own pictures' {
        $image = $network | Invoke-ClassMaximization 0 -Steps 48 -WarningAction SilentlyContinue
        ($image | Measure-FilterImage -Model $network).Rank | Should -Be 1
        $image.Dispose()
    }
}
