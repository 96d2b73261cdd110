using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>
/// The models imported in each runspace: the last one is what a cmdlet without a model means; of all that are still alive, the
/// layer names complete.
/// </summary>
internal static class SessionModels
{
    private static readonly ConditionalWeakTable<Runspace, Session> s_sessions = [];

    /// <summary>The model imported last in this runspace, unless it was disposed; or null.</summary>
    public static CnnModel? Last => Current.Last is { IsDisposed: false } model ? model : null;

    /// <summary>The models of this runspace that are still alive, the newest first.</summary>
    public static IEnumerable<CnnModel> Alive => Current.All
        .Select(reference => reference.TryGetTarget(out CnnModel? model) ? model : null)
        .OfType<CnnModel>()
        .Where(model => !model.IsDisposed)
        .Reverse();

    private static Session Current => s_sessions.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>Remembers a model.</summary>
    public static void Add(CnnModel model)
    {
        Session session = Current;
        session.Last = model;
        session.All.RemoveAll(reference => !reference.TryGetTarget(out _));
        session.All.Add(new WeakReference<CnnModel>(model));
    }

    private sealed class Session
    {
        public CnnModel? Last { get; set; }

        public List<WeakReference<CnnModel>> All { get; } = [];
    }
}
