-- What can be asked of a rollout as it is now. The annotations are those of operator/rollout/canaryRollout/requests.ts; each names what it is
-- about, so that one that is still there later does nothing.
local status = type(obj.status) == "table" and obj.status or {}
local spec = type(obj.spec) == "table" and obj.spec or {}

-- What is asked, by action: nil where it makes no sense now.
local function askedOf()
  local revision, step, rollback, start = status.revision, status.step, status.rollback, status.startTime
  if type(status.seal) ~= "string" or type(revision) ~= "string" then return {} end
  if type(rollback) == "table" then
    if rollback.rejects == true and type(rollback.completionTime) == "string" and type(rollback.startTime) == "string" then
      return { retry = revision .. "@" .. rollback.startTime }
    end
    return {}
  end
  if rollback ~= nil or status.completionTime ~= nil or type(start) ~= "string" then return {} end
  -- One that is rolled out again is requested about again.
  local attempt = revision .. "@" .. start
  local isFailed = status.failure ~= nil
  local at = not isFailed and type(step) == "number" and attempt .. "/" .. step or nil
  return { skip = at, promote = at, abort = attempt }
end
