using System.Diagnostics;
using System.Text;
using CnnViz.Showing.Terminal;

namespace CnnViz.Screen;

/// <summary>The terminal's input on Windows, where an answer comes as keys and nothing is echoed that no line is read of.</summary>
internal static class ConsoleKeys
{
    /// <summary>Writes a question and reads the answer.</summary>
    /// <param name="question">What is written.</param>
    /// <param name="write">Writes to the terminal.</param>
    /// <param name="patience">How long to wait for the answer.</param>
    /// <returns>What came; null where it was not the moment to ask: somebody has typed ahead, or there is no console.</returns>
    public static string? Ask(string question, Action<string> write, TimeSpan patience)
    {
        try
        {
            if (Console.KeyAvailable)
            {
                return null;
            }

            write(question);
            var clock = Stopwatch.StartNew();
            var text = new StringBuilder();
            while (clock.Elapsed < patience && !TerminalAnswer.IsWhole(text.ToString()))
            {
                if (Console.KeyAvailable)
                {
                    text.Append(Console.ReadKey(intercept: true).KeyChar);
                }
                else
                {
                    Thread.Sleep(1);
                }
            }

            return text.ToString();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
