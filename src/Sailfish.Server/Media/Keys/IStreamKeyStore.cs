using Sailfish.Server.Conversations;

namespace Sailfish.Server.Media.Keys;

/// <summary>What stream keys and tokens are made from. Keys themselves are not stored.</summary>
internal interface IStreamKeyStore
{
    /// <summary>The secret of this server, or of all nodes of a cluster: made at the first call, and the same from then on.</summary>
    /// <param name="made">What it is from then on, when there is none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task<string> LoadSecretAsync(string made, CancellationToken cancellationToken);

    /// <summary>Which of the user's keys is good; 0 until the first reset.</summary>
    ValueTask<long> GenerationAsync(UserKey user, CancellationToken cancellationToken);

    /// <summary>The next key is good, and no other; returns its generation.</summary>
    Task<long> ResetAsync(UserKey user, CancellationToken cancellationToken);
}
