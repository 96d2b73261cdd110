using CnnViz.Showing.Terminal;

namespace CnnViz.Screen;

/// <summary>Asks the terminal of this process what it can do, and remembers the answer.</summary>
internal static class TerminalQuestion
{
    // Only a terminal that does not answer at all takes that long. One that is far away must not answer later than that: nobody would be there.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly object s_lock = new();
    private static TerminalAnswer? s_answer;

    /// <summary>The terminal's answer; that of one that says nothing, where there is none to ask or this is not the moment.</summary>
    /// <param name="write">Writes to the terminal.</param>
    public static TerminalAnswer Ask(Action<string> write)
    {
        lock (s_lock)
        {
            if (s_answer is null && !Console.IsInputRedirected && !Console.IsOutputRedirected)
            {
                string? answer = OperatingSystem.IsWindows() ? ConsoleKeys.Ask(TerminalAnswer.Query, write, s_patience)
                    : TerminalInput.Ask(TerminalAnswer.Query, write, s_patience);
                s_answer = answer is null ? null : TerminalAnswer.Parse(answer);
            }

            return s_answer ?? TerminalAnswer.None;
        }
    }
}
