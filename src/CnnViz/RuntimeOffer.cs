using System.Management.Automation;
using CnnViz.Commands;
using CnnViz.Runtimes;

namespace CnnViz;

/// <summary>The question whether libtorch is to be installed, where a cmdlet needs it and somebody sits at the console.</summary>
internal static class RuntimeOffer
{
    private const string Console = "ConsoleHost";

    private static readonly CmdletInfo s_install = new("Install-CnnRuntime", typeof(InstallCnnRuntimeCommand));

    /// <summary>
    /// Asks, once in each call of a cmdlet, and installs it. Nothing is fetched without a yes; without one, and on a system that cannot load it, the
    /// engine says what is missing.
    /// </summary>
    /// <param name="cmdlet">A cmdlet that needs libtorch.</param>
    public static void OfferRuntime(this PSCmdlet cmdlet)
    {
        if (NativeLibraries.IsRuntimeWanted && RuntimePackage.OfThisModule is { } package && IsSomebodyThere(cmdlet) && IsWanted(cmdlet, package))
        {
            cmdlet.InvokeCommand.InvokeScript(cmdlet.SessionState, cmdlet.InvokeCommand.NewScriptBlock("param($install) & $install"), s_install);
        }
    }

    private static bool IsSomebodyThere(PSCmdlet cmdlet) =>
        cmdlet.Host.Name == Console && !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;

    private static bool IsWanted(PSCmdlet cmdlet, RuntimePackage package)
    {
        try
        {
            return cmdlet.ShouldContinue(
                $"It comes from the NuGet sources of this machine ({package.Size}) and takes {package.UnpackedLength / 1e6:0} MB in "
                + $"'{RuntimeCache.OfUser.Root}'.",
                "libtorch, which runs the networks, is not installed. Install it now?");
        }
        catch (Exception exception) when (exception is PSInvalidOperationException or System.Management.Automation.Host.HostException)
        {
            // As in pwsh -NonInteractive.
            return false;
        }
    }
}
