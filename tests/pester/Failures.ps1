# What goes wrong in a script.

<#
.SYNOPSIS
    All errors of a script: those that it goes on after, and one that ends it.
#>
function Get-Failure([scriptblock]$Script) {
    try {
        & $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
    }
    catch {
        $_
    }
}

<#
.SYNOPSIS
    The ids of all errors of a script, without the cmdlets that they come from.
#>
function Get-FailureId([scriptblock]$Script) {
    Get-Failure $Script | ForEach-Object { $_.FullyQualifiedErrorId -replace ',.*' }
}
