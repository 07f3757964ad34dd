using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>Reads binary frames from a connection, one after the other, until it ends.</summary>
internal sealed class FrameLoop(FrameHandler handler, IOptions<GatewayOptions> options)
{
    /// <summary>Between frames this is all that waits: what only one read needs is <see cref="TakeAsync"/>'s.</summary>
    public async Task RunAsync(Connection connection)
    {
        while (!connection.IsClosing)
        {
            var read = connection.Input.ReadAsync();
            if (!read.IsCompleted)
                connection.BeginSilence();
            if (!await TakeAsync(connection, await read))
                return;
        }
    }

    /// <summary>Handles the whole frames of one read; false when it was the last.</summary>
    private async ValueTask<bool> TakeAsync(Connection connection, ReadResult result)
    {
        connection.EndSilence();
        var buffer = result.Buffer;
        if (result.IsCanceled)
        {
            connection.Input.AdvanceTo(buffer.Start);
            return false;
        }

        while (!connection.IsClosing)
        {
            var status = BinaryFrame.TryRead(ref buffer, options.Value.MaxBodyBytes, out var frame);
            if (status == FrameReadStatus.NeedMore)
                break;
            var handled = handler.HandleAsync(connection, status, frame);
            var isLetGo = !handled.IsCompleted && connection.TryLetGo(buffer);
            await handled;
            if (isLetGo)
                return !result.IsCompleted;
        }

        // Consumed up to the last whole frame; all of it was looked at.
        connection.Input.AdvanceTo(buffer.Start, buffer.End);
        return !result.IsCompleted;
    }
}
